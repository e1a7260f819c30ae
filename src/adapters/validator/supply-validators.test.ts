import { describe, expect, test } from "vitest";
import { samplePipelineModel } from "../../../test/support/pipeline-model.ts";
import { moduleSpecSchema } from "../../domain/module/module-spec.ts";
import { infrastructureFiles } from "../../domain/pipeline/infrastructure/infrastructure-files.ts";
import type { RenderedFile } from "../../domain/pipeline/pipeline-model.ts";
import { sbomOf } from "../../domain/supply-chain/sbom.ts";
import type { FileValidator } from "../../ports/file-validator.ts";
import { bicepValidator } from "./bicep/bicep-validator.ts";
import { pulumiValidator } from "./pulumi/pulumi-validator.ts";
import { sbomValidator } from "./sbom/sbom-validator.ts";

const probe = { tcpSocket: {} };
const module = moduleSpecSchema.parse({
  id: "booking-service",
  version: "1.0.0",
  runtime: "node",
  packageManager: "npm",
  locked: true,
  start: ["node", "server.js"],
  probes: { startup: probe, readiness: probe, liveness: probe },
  needs: {
    config: [],
    secrets: ["TOKEN"],
    resources: (["postgresql", "redis", "storage", "queue"] as const).map((kind) => ({ kind, name: "it" })),
  },
});
const files = infrastructureFiles({ model: samplePipelineModel(), module })?.files ?? [];

describe.each([
  ["Pulumi", pulumiValidator, 4],
  ["Bicep", bicepValidator, 3],
])("the validator of %s", (_, validator, count) => {
  test("has nothing against what is generated", async () => {
    const own = files.filter(({ path }) => validator.validates(path));
    expect(own).toHaveLength(count);
    for (const file of own) expect(await validator.check(file, files)).toEqual([]);
  });
});

test.each([
  ["main.bicep", "properties: {", "properties: {{", "is not closed"],
  ["main.bicep", "targetScope", "targetscope", "no statement of Bicep"],
  ["main.bicep", "parent: bus", "parent: buss", "parent buss"],
  ["main.bicep", "'resourceGroup'", "'resourceGroup", "a string is not closed"],
  ["main.staging.bicepparam", "param tags", "param tag", "asks for param tags"],
  ["index.ts", "const config", "const const", ""],
  ["Pulumi.yaml", "name: vetclinic", "nom: vetclinic", "name"],
])("finds what is wrong in %s: %s", async (name, right, wrong, message) => {
  const file = files.find(({ path }) => path.endsWith(`/${name}`));
  const broken = { path: file?.path ?? "", content: file?.content.replace(right, wrong) ?? "" };
  expect(broken.content).not.toBe(file?.content);
  const found = await checked(name.includes("bicep") ? bicepValidator : pulumiValidator, broken);
  expect(found.map((one) => one.message).join("\n")).toContain(message);
  expect(found.length).toBeGreaterThan(0);
});

test("an SBOM is held to CycloneDX's schema", async () => {
  const commit = "c".repeat(40);
  const timestamp = "2026-01-02T03:04:05.000Z";
  const content = sbomOf({
    tenantId: "t",
    module,
    commit,
    tree: commit,
    timestamp,
    toolVersion: "1",
    files: [],
  });
  const path = "SBOM.json";
  expect(await checked(sbomValidator, { path, content })).toEqual([]);
  const wrong = content.replace('"type": "application"', '"type": "thing"');
  expect(await checked(sbomValidator, { path, content: wrong })).toHaveLength(1);
  expect(await checked(sbomValidator, { path, content: "{" })).toHaveLength(1);
});

function checked(validator: FileValidator, file: RenderedFile) {
  return validator.check(file, files);
}
