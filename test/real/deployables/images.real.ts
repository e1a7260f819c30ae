/** Dockerfiles as the field's linter reads them, and the shipped schema as Kubernetes publishes it. */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import { type DeployableName, deployable, deployables } from "../../support/deployables.ts";
import { strictSchema } from "./kubernetes-schema.ts";
import { publishedSchema, shippedSchema } from "./published-schema.ts";
import { execute, hadolint } from "./tools.ts";
import { writeModule } from "./written-module.ts";

const linter = await hadolint();
const program = "program" in linter ? linter.program : "";
if ("missing" in linter) console.warn(linter.missing);

const variants: [label: string, name: DeployableName, module: Partial<ModuleSpec>][] = [
  ...(Object.keys(deployables) as DeployableName[]).map((name): [string, DeployableName, object] => [
    name,
    name,
    {},
  ]),
  ["node with pnpm", "node", { packageManager: "pnpm", packageManagerVersion: "10.20.0" }],
  ["node with yarn", "node", { packageManager: "yarn", packageManagerVersion: "1.22.22" }],
  ["python with pip", "python", { packageManager: "pip" }],
  ["python with poetry", "python", { packageManager: "poetry" }],
  ["go that calls C", "go", { environment: { CGO_ENABLED: "1" } }],
  ["java with gradle", "java", { packageManager: "gradle" }],
];

test.skipIf("missing" in linter).each(variants)(
  "hadolint finds nothing in the Dockerfile of a %s module",
  async (_label, name, module) => {
    const folder = await writeModule(deployable(name, { module }));
    try {
      const dockerfile = path.join(folder, "Dockerfile");
      const { stdout } = await execute(program, [
        "--failure-threshold",
        "warning",
        "--format",
        "json",
        dockerfile,
      ]);
      const findings = JSON.parse(stdout) as { level: string; code: string }[];
      expect(findings.filter(({ level }) => level === "error" || level === "warning")).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test("the schema that is shipped is the one that Kubernetes publishes", async (context) => {
  const published = await publishedSchema();
  if (published === undefined) return context.skip("the published schema of Kubernetes cannot be had here");
  expect(JSON.parse(await readFile(shippedSchema, "utf8"))).toEqual(strictSchema(published));
});
