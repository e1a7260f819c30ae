import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { success } from "../../../test/support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { sha256 } from "../../domain/canonical-json.ts";
import type { Subject } from "../../domain/scope.ts";
import { quickProbes } from "../../ports/target.conformance.ts";
import { checkLive } from "./check-live.ts";
import { showFindings } from "./show-findings.ts";

const artifact = `sha256:${"a".repeat(64)}`;
const sbom = JSON.stringify({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  components: [{ type: "library", name: "ms", version: "2.0.0", purl: "pkg:npm/ms@2.0.0" }],
});
const source = path.join(tmpdir(), `osv-${process.pid}.json`);

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem({
    BuildArtifact: async ({ memory }) => {
      memory.write("supply-chain", "SBOM.json", sbom, "module");
      const supplyChain = { sbom: sha256(sbom) };
      return success(["ArtifactBuilt", { commit: "c1", tree: "t1", artifact, supplyChain }]);
    },
  });
  const { tenants } = stage.system;
  const staging = { scan: { maxSeverity: "low" as const } };
  await tenants.put(
    {
      ...(await tenants.get("vetclinic-001")),
      vulnerabilities: { source: "osv-file", path: source },
      releasePolicy: { environments: { staging, production: { requiresApproval: true } } },
    },
    "ada",
  );
  await know();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  await serve();
});
afterAll(async () => {
  await stage.close();
  await rm(source, { force: true });
});

const check = () => checkLive(stage.system, stage.as("olga"), {});

test("tells at once what is known of what serves, on its chain once, and of nothing that does not fit", async () => {
  const place = { environment: "staging", moduleId: subject.moduleId, releaseId: "release-000001" };
  expect(await check()).toEqual({
    places: [{ ...place, version: "1.0.0", status: "Passes", findings: [], revokes: false }],
  });
  await know("GHSA-ms");
  const found = { ...place, status: "Fails", revokes: false };
  const findings = [expect.stringContaining("GHSA-ms, high in ms@2.0.0")];
  expect(await check()).toMatchObject({ places: [{ ...found, findings }] });
  await check();
  const told = await stage.system.store.events(subject, { names: ["VulnerabilityFound"] });
  expect(told).toMatchObject([{ environment: "staging", data: { releaseId: "release-000001" } }]);
  const { later } = await showFindings(stage.system, stage.as("olga"), { releaseId: "release-000001" });
  expect(later).toEqual({ at: expect.any(String), source: expect.any(String), findings });
  expect(await checkLive(stage.system, stage.as("olga"), { environment: "production" })).toEqual({
    places: [],
  });
});

test("looks at no place of another tenant", async () => {
  const stranger = { ...stage.as("olga"), tenantId: "other" };
  expect(await checkLive(stage.system, stranger, {})).toEqual({ places: [] });
});

async function know(...ids: string[]): Promise<void> {
  const advisories = ["GHSA-0", ...ids].map((id) => ({
    ...{ id, modified: "2026-05-01T00:00:00Z", aliases: [] },
    affected: [
      {
        package: { ecosystem: "npm", name: id === "GHSA-0" ? "left-pad" : "ms" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "9.0.0" }] }],
      },
    ],
    database_specific: { severity: "HIGH" },
  }));
  await writeFile(source, JSON.stringify(advisories));
}

async function serve(): Promise<void> {
  const { tenantId, moduleId, traceId } = subject;
  const release = { releaseId: "release-000001", version: "1.0.0", artifact };
  await stage.system.ledger.record({
    ...{ ...release, tenantId, moduleId, traceId, environment: "staging", outcome: "Deployed", reasons: [] },
    ...{ at: "2026-01-01T00:00:00.000Z", invocationId: "inv-1" },
    spec: {
      ...{ ...release, namespace: "vetclinic-001-staging", moduleId, start: ["node", "x.js"], hosts: [] },
      ...{ portVariable: "PORT", probes: quickProbes("/health"), startupTimeoutMs: 1_000 },
      ...{ configuration: {}, secrets: [] },
    },
  });
}
