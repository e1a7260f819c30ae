import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { samplePipelineModel } from "../../../../test/support/pipeline-model.ts";
import { type ModuleSpec, moduleSpecSchema } from "../../module/module-spec.ts";
import { isGenerated } from "../generated-mark.ts";
import { secretKey } from "./secret-key.ts";
import { secretMapping } from "./secret-mapping.ts";
import { inSections } from "./sections.ts";
import { settingsFiles } from "./settings-files.ts";

const slugs = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/);

describe("secretKey", () => {
  test("says tenant, environment and module in the name", () => {
    expect(secretKey("vetclinic-001", "production", "booking-service", "DATABASE_PASSWORD")).toBe(
      "vetclinic-001--production--booking-service--DATABASE-PASSWORD",
    );
  });

  test("keeps apart what the vault itself could not, and fits its limits", () => {
    const scope = fc.tuple(slugs, slugs, slugs, names);
    fc.assert(
      fc.property(scope, scope, (one, other) => {
        const [first, second] = [secretKey(...one), secretKey(...other)];
        expect(first).toMatch(/^[A-Za-z0-9-]{1,127}$/);
        if (one.join("\n") !== other.join("\n")) expect(first.toLowerCase()).not.toBe(second.toLowerCase());
      }),
      { numRuns: 500 },
    );
  });

  test("keeps apart names that only differ where a vault sees no difference", () => {
    const of = (name: string) => secretKey("t", "e", "m", name).toLowerCase();
    expect(new Set([of("A_B"), of("a_b"), of("A.B"), of("A-B"), of("_A_B")]).size).toBe(5);
    expect(secretKey("a--b", "c", "d", "E")).not.toBe(secretKey("a", "b", "c--d", "E"));
  });

  test("shortens with a hash what is longer than 127 characters", () => {
    const long = (end: string) => secretKey("t".repeat(63), "e".repeat(63), "m".repeat(63), end);
    expect(long("A")).toHaveLength(127);
    expect(long("A")).not.toBe(long("B"));
  });
});

describe("the settings files", () => {
  const model = samplePipelineModel();
  const needs = { config: ["GREETING", "A"], secrets: ["DATABASE_PASSWORD"] };

  test("are a template and variables, each with the mark and without values", () => {
    const { files } = settingsFiles({ model, module: module({ needs }) });
    expect(files.map(({ path }) => path)).toEqual(["appsettings.Template.json", ".env.template"]);
    expect(files.every(({ content }) => isGenerated(content))).toBe(true);
    expect(JSON.parse(files[0]?.content ?? "")).toMatchObject({
      config: { A: "", GREETING: "" },
      secrets: { DATABASE_PASSWORD: "" },
    });
    expect(files[1]?.content.split("\n").filter((line) => /^\w+=/.test(line))).toEqual([
      "PORT=",
      "A=",
      "GREETING=",
      "DATABASE_PASSWORD=",
    ]);
  });

  test("say for each environment where a secret lies and which variable it becomes", () => {
    const [file] = secretMapping({ model, module: module({ needs }) })?.files ?? [];
    expect(file?.path).toBe("secret-mapping.yaml");
    const mapping = parse(file?.content ?? "");
    expect(mapping.environments).toHaveLength(2);
    const key = "vetclinic-001--production--booking-service--DATABASE-PASSWORD";
    expect(mapping.environments[1]).toEqual({
      environment: "production",
      vault: "vetclinic-001-production",
      secrets: [
        {
          variable: "DATABASE_PASSWORD",
          vaultSecret: key,
          externalSecret: { secretKey: "DATABASE_PASSWORD", remoteRef: { key } },
        },
      ],
    });
  });

  test("lie in the module's folder of a monorepo, and leave out a secret map where there are no secrets", () => {
    const inFolder = samplePipelineModel({ folder: "services/booking" });
    expect(secretMapping({ model: inFolder, module: module({}) })).toBeUndefined();
    const { files } = settingsFiles({ model: inFolder, module: module({}) });
    expect(files.map(({ path }) => path)).toEqual([
      "services/booking/appsettings.Template.json",
      "services/booking/.env.template",
    ]);
  });

  test("have sections and no variables file where .NET reads them", () => {
    const dotnet = module({
      runtime: "dotnet",
      packageManager: "dotnet",
      needs: { config: ["Logging__Level"], secrets: ["ConnectionStrings__Default"] },
    });
    const { files } = settingsFiles({ model, module: dotnet });
    expect(files.map(({ path }) => path)).toEqual(["appsettings.Template.json"]);
    expect(JSON.parse(files[0]?.content ?? "")).toMatchObject({
      Logging: { Level: "" },
      ConnectionStrings: { Default: "" },
    });
  });
});

test("a name that is both a value and a section keeps its path", () => {
  expect(JSON.parse(JSON.stringify(inSections(["A", "A__B", "C__D__E", "C__D"])))).toEqual({
    A: "",
    "A:B": "",
    C: { D: "", "D:E": "" },
  });
});

function module(otherwise: Partial<ModuleSpec>): ModuleSpec {
  const probe = { tcpSocket: {} };
  return moduleSpecSchema.parse({
    id: "booking-service",
    version: "1.0.0",
    runtime: "node",
    packageManager: "npm",
    locked: true,
    start: ["node", "server.js"],
    probes: { startup: probe, readiness: probe, liveness: probe },
    needs: { config: [], secrets: [] },
    ...otherwise,
  });
}
