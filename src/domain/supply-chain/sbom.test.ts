import { Version } from "@cyclonedx/cyclonedx-library/Spec";
import { JsonStrictValidator } from "@cyclonedx/cyclonedx-library/Validation";
import { describe, expect, test } from "vitest";
import { moduleSpecSchema } from "../module/module-spec.ts";
import { licencesOf } from "./read-sbom.ts";
import { type SbomRequest, sbomOf } from "./sbom.ts";
import { sbomChange } from "./sbom-change.ts";

const integrity =
  "sha512-PYAthTa2m2VKxuvSD3DPC/Gy+U+sOA1LAuT8mkmRuvw+NACSaeXEQ+NHcVF7rONl6qcaxV3Uuemwawk+7+SJLw==";
const validator = new JsonStrictValidator(Version.v1dot6);

describe("sbomOf", () => {
  const files = lock({
    a: ["1.0.0", "MIT", { b: "^2" }],
    b: ["2.0.0", "(MIT OR Apache-2.0)"],
    c: ["3.0.0", "Our own"],
  });

  test("is valid by CycloneDX's own schema, empty or not", async () => {
    expect(await validator.validate(sbomOf(request(files)))).toBeNull();
    expect(await validator.validate(sbomOf(request([])))).toBeNull();
  });

  test("has the same bytes for the same input, in whatever order it comes", () => {
    const [manifest, locked] = [{ path: "package.json", text: "{}" }, ...files];
    const one = sbomOf(request([manifest, ...(locked === undefined ? [] : [locked])]));
    expect(sbomOf(request([...files, manifest]))).toBe(one);
    expect(JSON.parse(one).serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/);
    expect(JSON.parse(sbomOf({ ...request(files), commit: "e".repeat(40) })).serialNumber).not.toBe(
      JSON.parse(one).serialNumber,
    );
  });

  test("says what the module is, who wrote it down, and what needs what", () => {
    const bom = JSON.parse(sbomOf(request(files)));
    expect(bom.metadata).toMatchObject({
      timestamp: "2026-01-02T03:04:05.000Z",
      component: { type: "application", group: "vetclinic-001", name: "booking-service", version: "1.0.0" },
      tools: { components: [{ name: "connectsoft-delivery", version: "0.1.0" }] },
      properties: [{ name: "connectsoft:inventory", value: "package-lock.json (resolved)" }],
    });
    const edges = Object.fromEntries(
      bom.dependencies.map((one: { ref: string; dependsOn?: string[] }) => [one.ref, one.dependsOn]),
    );
    expect(edges).toMatchObject({
      "vetclinic-001/booking-service@1.0.0": ["pkg:npm/a@1.0.0", "pkg:npm/b@2.0.0", "pkg:npm/c@3.0.0"],
      "pkg:npm/a@1.0.0": ["pkg:npm/b@2.0.0"],
    });
  });

  test("writes a licence as an id, an expression or a name, as far as SPDX knows it", () => {
    const { components } = JSON.parse(sbomOf(request(files)));
    expect(components.map((one: { licenses: unknown }) => one.licenses)).toEqual([
      [{ license: { id: "MIT" } }],
      [{ expression: "(MIT OR Apache-2.0)" }],
      [{ license: { name: "Our own" } }],
    ]);
    expect(licencesOf(sbomOf(request(files)))).toEqual([
      { licence: "(MIT OR Apache-2.0)", components: ["b@2.0.0"] },
      { licence: "MIT", components: ["a@1.0.0"] },
      { licence: "Our own", components: ["c@3.0.0"] },
    ]);
  });
});

describe("sbomChange", () => {
  const before = sbomOf(request(lock({ a: ["1.0.0", "MIT"], gone: ["1.0.0", "ISC"] })));
  const after = sbomOf(request(lock({ a: ["1.1.0", "MIT"], come: ["2.0.0", "GPL-3.0-only"] })));

  test("tells what was added, removed and updated, and which licences are new", () => {
    expect(sbomChange(before, after)).toEqual({
      added: [{ name: "come", version: "2.0.0", licences: ["GPL-3.0-only"] }],
      removed: [{ name: "gone", version: "1.0.0" }],
      updated: [{ name: "a", from: "1.0.0", to: "1.1.0" }],
      licences: { added: ["GPL-3.0-only"], removed: ["ISC"] },
    });
  });

  test("of a module that is new is all that it has, and of one that stays the same is nothing", () => {
    expect(sbomChange(undefined, after).added).toHaveLength(2);
    expect(sbomChange(after, after)).toEqual({
      added: [],
      removed: [],
      updated: [],
      licences: { added: [], removed: [] },
    });
  });

  test("refuses what is not an SBOM", () => {
    expect(() => sbomChange(before, "{}")).toThrow("SbomMissing");
    expect(() => sbomChange(before, "not JSON")).toThrow("SbomMissing");
  });
});

type Listed = Record<string, [version: string, licence: string, dependencies?: Record<string, string>]>;

function lock(listed: Listed): SbomRequest["files"] {
  const entries = Object.entries(listed).map(([name, [version, license, dependencies = {}]]) => [
    `node_modules/${name}`,
    { version, license, integrity, dependencies },
  ]);
  const own = { dependencies: Object.fromEntries(Object.keys(listed).map((name) => [name, "*"])) };
  const text = JSON.stringify({ packages: { "": own, ...Object.fromEntries(entries) } });
  return [{ path: "package-lock.json", text }];
}

function request(files: SbomRequest["files"]): SbomRequest {
  const probe = { tcpSocket: {} };
  return {
    tenantId: "vetclinic-001",
    module: moduleSpecSchema.parse({
      id: "booking-service",
      version: "1.0.0",
      runtime: "node",
      packageManager: "npm",
      locked: true,
      start: ["node", "server.js"],
      probes: { startup: probe, readiness: probe, liveness: probe },
      needs: { config: [], secrets: [] },
    }),
    commit: "c".repeat(40),
    tree: "d".repeat(40),
    timestamp: "2026-01-02T03:04:05.000Z",
    toolVersion: "0.1.0",
    files,
  };
}
