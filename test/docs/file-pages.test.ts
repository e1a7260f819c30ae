/** The pages of module.yaml and tenant.yaml are held to their schemas, and their examples are read by the program. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { inferModule } from "../../src/domain/module/infer-module.ts";
import { moduleFileSchema, readModuleFile } from "../../src/domain/module/module-file.ts";
import { knownVersions } from "../../src/domain/stack/known-versions.ts";
import { stacks } from "../../src/domain/stack/stacks.ts";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { codeIn, readPage, rowsOf, yamlExamples } from "./read-page.ts";

const module = readPage("reference/module-file.md");
const tenant = readPage("reference/tenant-file.md");

describe("the page of module.yaml", () => {
  test("names every key and every choice", () => {
    expect(missing(moduleFileSchema, module)).toEqual([]);
  });

  test("has an example with every key, which is read", () => {
    const [example = ""] = yamlExamples(module);
    const read = readModuleFile(example);
    expect(Object.keys(moduleFileSchema.shape).filter((key) => !Object.hasOwn(read, key))).toEqual([]);
    const files = { "module.yaml": example, "package.json": "{}", "pnpm-lock.yaml": "" };
    const paths = Object.keys(files);
    expect(inferModule({ files, paths, folderName: "any" })).toMatchObject({
      id: "booking-service",
      packageManager: "pnpm",
      build: ["npm", "run", "build"],
      needs: { resources: [{ kind: "postgresql", name: "bookings" }] },
    });
  });

  test("names the versions of each runtime", () => {
    const rows = new Map(rowsOf(module).map(([name = "", ...rest]) => [codeIn(name)[0], rest]));
    for (const [runtime, { known, preferred }] of Object.entries(knownVersions))
      expect(rows.get(runtime)).toEqual([known.join(", "), preferred]);
  });

  test("names the package managers of each language", () => {
    const text = module.toLowerCase();
    expect(
      stacks.flatMap(({ packageManagers }) => packageManagers).filter((one) => !text.includes(one)),
    ).toEqual([]);
  });
});

describe("the page of tenant.yaml", () => {
  test("names every key and every choice", () => {
    expect(missing(tenantSchema, tenant)).toEqual([]);
  });

  test("has an example with every part, which is read", () => {
    const [example = ""] = yamlExamples(tenant);
    const read = parseTenant(example, "tenant.yaml");
    const written = parse(example) as Record<string, object>;
    expect(Object.keys(tenantSchema.shape).filter((key) => !Object.hasOwn(written, key))).toEqual([]);
    for (const part of ["repositories", "commits", "pullRequests", "pipelines", "evidence"] as const)
      expect(Object.keys(written[part] ?? {}).sort()).toEqual(Object.keys(read[part]).sort());
  });
});

/** Keys and closed choices of a schema that the page names nowhere outside of its example. */
function missing(schema: z.ZodType, page: string): string[] {
  const words = new Set(page.replaceAll(/```[\s\S]*?```/g, "").split(/[^\w.-]+|\.(?!\d)/));
  const names = namesIn(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  return names.filter((name) => !words.has(name));
}

function namesIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = Object.entries(schema).flatMap(([key, value]) => {
    if (key === "properties") return Object.keys(value as object);
    if (key === "enum") return (value as unknown[]).map(String);
    return [];
  });
  return [...new Set([...own, ...Object.values(schema).flatMap(namesIn)])];
}
