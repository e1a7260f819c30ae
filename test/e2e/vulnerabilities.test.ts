/** Vulnerabilities as a tenant meets them: held and overridden, rejected, and known only after the release went live. */
import { rename, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { named, namesOf, only } from "./support/events.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let site: Installation;
const tokens: Record<string, string> = {};
const as = (person: string) => ({ env: { CONNECTSOFT_TOKEN: tokens[person] ?? "" } });

const tenant = () => `
id: local
people:
  - { id: ${userInfo().username}, roles: [StudioAdmin, Developer] }
  - { id: jane, roles: [Developer, SecurityReviewer] }
  - { id: sec, roles: [SecurityReviewer] }
environments: [{ id: staging }]
vulnerabilities: { source: osv-file, path: ${path.join(site.desk, "osv.json")} }
releasePolicy:
  environments:
    staging:
      requireSbom: true
      requireSignedSbom: true
      requireSignedArtifacts: true
      requireSignedPipelines: true
      requireSignedPlans: true
      requireProvenance: true
      requireRollbackPlan: true
      licences: { allow: [MIT] }
      scan: { maxSeverity: low, later: revoke }
`;

function advisory(id: string, introduced: string, fixed: string, severity: string) {
  return {
    id,
    modified: "2026-05-01T00:00:00Z",
    aliases: [id.replace("GHSA", "CVE")],
    affected: [
      {
        package: { ecosystem: "npm", name: "ms" },
        ranges: [{ type: "SEMVER", events: [{ introduced }, { fixed }] }],
      },
    ],
    database_specific: { severity },
  };
}

const unrelated = advisory("GHSA-0", "0", "1.0.0", "LOW");

/** As whoever brings new data does: whole, or not at all. */
async function know(...advisories: object[]): Promise<void> {
  const file = path.join(site.desk, "osv.json");
  await writeFile(`${file}.new`, JSON.stringify([unrelated, ...advisories]));
  await rename(`${file}.new`, file);
}

const integrity: Record<string, string> = {
  "2.1.2": "sha512-sGkPx+VjMtmA6MX27oA4FBFELFCZZ4S4XqeGOXCv68tT+jb3vk/RyaKWP0PTKyWtmLSM0b+adUTEvbs1PEaH2w==",
  "2.1.3": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
};

/** A service that has `ms` of one version. */
async function deliver(id: string, version: string, ms: string) {
  const own = { name: id, version, private: true, type: "module", dependencies: { ms } };
  const resolved = `https://registry.npmjs.org/ms/-/ms-${ms}.tgz`;
  const locked = { version: ms, resolved, integrity: integrity[ms], license: "MIT" };
  const packages = { "": { name: id, version, dependencies: { ms } }, "node_modules/ms": locked };
  const folder = await writeModule(site.desk, {
    id,
    version,
    files: {
      "package.json": JSON.stringify({ ...own, scripts: { start: "node server.js" } }),
      "package-lock.json": JSON.stringify({
        name: id,
        version,
        lockfileVersion: 3,
        requires: true,
        packages,
      }),
    },
  });
  const delivered = await site.deliver(folder, [], as("jane"));
  return { ...delivered, release: String(only(delivered.events, "ReleaseProposed").data.releaseId) };
}

const inState = (state: string) => (status: DeliveryStatus) =>
  status.instances.find(({ instance }) => instance === "staging")?.states.includes(state) === true;

const override = (person: string, release: string, ...args: string[]) =>
  site.studio(["override-cve", release, ...args], as(person));

beforeAll(async () => {
  site = await createInstallation({ env: { CONNECTSOFT_VULNERABILITY_INTERVAL_MS: "300" } });
  await know();
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant());
  await site.ok(["tenant", "apply", file]);
  for (const person of ["jane", "sec"]) tokens[person] = await site.ok(["token", "create", person]);
});
afterAll(() => site.close());

it("a release goes live by every gate, goes back when something becomes known, and stays where nothing is left to go back to", async () => {
  const first = await deliver("shop", "1.0.0", "2.1.2");
  expect(first.code, first.stderr).toBe(0);
  const second = await deliver("shop", "1.1.0", "2.1.3");
  expect(second.code, second.stderr).toBe(0);
  const { gates } = JSON.parse(await site.artifact(second.trace, "ReleaseSummary.json"));
  const passed = (gates as { gate: string; status: string }[])
    .filter(({ status }) => status === "Passed")
    .map(({ gate }) => gate);
  for (const gate of [
    "scan",
    "sbom",
    "licences",
    "signed-pipeline",
    "signed-artifact",
    "provenance",
    "signed-plan",
    "namespace",
    "rollback-plan",
  ])
    expect(passed).toContain(gate);

  await know(advisory("GHSA-1", "2.1.3", "2.1.4", "HIGH"));
  await site.until(second.trace, inState("rolled_back"));
  await site.until(first.trace, inState("live"));
  const events = await site.events(second.trace);
  expect(only(events, "VulnerabilityFound").data).toMatchObject({
    revokes: true,
    findings: [{ id: "GHSA-1", package: "ms@2.1.3" }],
  });
  expect(only(events, "ReleaseRevoked")).toMatchObject({
    source: "/engine",
    data: {
      restores: first.release,
      reasons: [{ message: expect.stringContaining("CVE-1 (GHSA-1), high in ms@2.1.3, mended in 2.1.4") }],
    },
  });
  expect(named(events, "RollbackCompleted")).toHaveLength(1);

  await know(advisory("GHSA-2", "2.0.0", "3.0.0", "HIGH"));
  await expect.poll(async () => namesOf(await site.events(first.trace))).toContain("EscalationRaised");
  const told = await site.events(first.trace);
  expect(only(told, "EscalationRaised").data).toMatchObject({
    what: expect.stringContaining("nothing served before it"),
  });
  expect(named(told, "ReleaseRevoked")).toEqual([]);
  expect(
    (await site.status(first.trace)).instances.find(({ instance }) => instance === "staging")?.states,
  ).toContain("live");
});

it("goes back to no release that would not pass today: a person is asked", async () => {
  await know();
  const first = await deliver("till", "1.0.0", "2.1.2");
  const second = await deliver("till", "1.1.0", "2.1.3");
  expect(second.code, second.stderr).toBe(0);
  await know(advisory("GHSA-3", "2.0.0", "3.0.0", "HIGH"));
  await expect.poll(async () => namesOf(await site.events(second.trace))).toContain("EscalationRaised");
  const events = await site.events(second.trace);
  expect(only(events, "EscalationRaised").data.what).toContain(
    `${first.release} (1.0.0), which served before it, does not pass either`,
  );
  expect(named(events, "ReleaseRevoked")).toEqual([]);
});

it("a warning waits for a SecurityReviewer's reason, by nobody else and for nothing else", async () => {
  await know(advisory("GHSA-4", "2.1.3", "2.1.4", "HIGH"));
  const { release, trace, code } = await deliver("desk", "1.0.0", "2.1.3");
  expect(code).toBe(3);
  await site.until(trace, inState("delayed"));
  const shown = await override("sec", release);
  expect(shown.stdout).toContain(
    "ScanWarning: desk waits for a SecurityReviewer: CVE-4 (GHSA-4), high in ms@2.1.3",
  );
  const why = "ms is never given text from outside here";
  const attempts = [
    ["jane", ["--cve", "CVE-4", "--reason", why], "SelfApproval"],
    [undefined, ["--cve", "CVE-4", "--reason", why], "TenantForbidden"],
    ["sec", ["--cve", "CVE-4", "--reason", "ok"], "JustificationMissing"],
    ["sec", ["--cve", "CVE-4", "--reason", "ok ok ok ok ok ok ok ok ok ok ok"], "JustificationMissing"],
    ["sec", ["--cve", "CVE-4"], "JustificationMissing"],
    ["sec", ["--cve", "CVE-4", "--reason", why, "--expires", "200d"], "InputInvalid"],
  ] as const;
  for (const [person, args, refusal] of attempts) {
    const ran = await (person === undefined
      ? site.studio(["override-cve", release, ...args])
      : override(person, release, ...args));
    expect(ran.code, `${person} ${args.join(" ")}`).toBe(2);
    expect(ran.stderr).toContain(refusal);
  }
  expect(named(await site.events(trace), "CveOverridden")).toEqual([]);
  await override("sec", release, "--cve", "CVE-5", "--reason", why);
  await expect.poll(async () => named(await site.events(trace), "ReleaseDelayed").length).toBeGreaterThan(1);
  const let_ = await override("sec", release, "--cve", "CVE-4", "--reason", why, "--expires", "5d");
  expect(let_.code, let_.stderr).toBe(0);
  await site.until(trace, inState("live"));
  const { gates } = JSON.parse(await site.artifact(trace, "ReleaseSummary.json"));
  const scan = (gates as { gate: string; evidence: string }[]).find(({ gate }) => gate === "scan");
  expect(scan?.evidence).toContain("overridden by sec until ");
  expect(scan?.evidence).toContain(why);
});

it("a critical one is rejected, whoever overrides it; data that are not there hold", async () => {
  await know(advisory("GHSA-6", "2.1.3", "2.1.4", "CRITICAL"));
  const { events, code } = await deliver("bank", "1.0.0", "2.1.3");
  expect(code).toBe(4);
  expect(only(events, "ReleaseRejected").data.reasons).toMatchObject([{ code: "ScanFailed" }]);
  await writeFile(path.join(site.desk, "osv.json"), "not advisories");
  const held = await deliver("post", "1.0.0", "2.1.2");
  expect(held.code).toBe(3);
  expect(named(held.events, "ReleaseDelayed")[0]?.data.reasons).toMatchObject([
    { code: "VulnerabilityDataOld" },
  ]);
});
