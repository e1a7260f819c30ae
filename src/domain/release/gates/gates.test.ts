/** Each gate on evidence that is there, that fails, and that nobody asks for. */
import { describe, expect, it } from "vitest";
import { sampleHandOver } from "../../../../test/support/agent-context.ts";
import { countSeverities, type Severity } from "../../evidence/findings.ts";
import { environmentPolicySchema } from "../../tenant/tenant.ts";
import type { Finding } from "../../vulnerability/finding.ts";
import type { CheckEvidence, CveOverride } from "../check-evidence.ts";
import type { Evidence } from "../gate.ts";
import type { SupplyChainEvidence } from "../supply-chain-evidence.ts";
import { gates } from "./index.ts";

const now = "2025-05-23T12:00:00.000Z";
const digest = `sha256:${"a".repeat(64)}`;

interface Found {
  policy?: object;
  checks?: Partial<CheckEvidence>;
  supplyChain?: Partial<SupplyChainEvidence>;
}

function ask(name: string, { policy = {}, checks = {}, supplyChain = {} }: Found) {
  const gate = gates.find((one) => one.name === name);
  if (gate === undefined) throw new Error(`no gate ${name}`);
  const evidence = {
    now,
    releaseId: "release-000042",
    policy: { ...environmentPolicySchema.parse(policy), environment: "production", selfApproval: false },
    module: sampleHandOver().module,
    digests: { commit: "c".repeat(40), artifact: digest },
    checks: { coverage: [], smoke: [], scans: [], overrides: [], ...checks },
    supplyChain: {
      placement: {
        planned: undefined,
        expected: { tenantId: "acme", moduleId: "booking-service" },
        naming: {},
      },
      ...supplyChain,
    },
  } as unknown as Evidence;
  const answer = gate.answer(evidence);
  return answer.status === "Failed"
    ? `${answer.refusal.code}: ${answer.refusal.message} ${answer.refusal.next}`
    : `${answer.status}: ${answer.evidence}`;
}

const good = { good: true as const, by: "signed with the tenant's key abc" };
const bad = { good: false as const, why: "it is another" };
const producer = { producer: "jenkins", eventId: "e1" };

describe("coverage", () => {
  const policy = { coverage: { lines: 80, branches: 70 } };
  it.each([
    ["nobody asks", {}, [], "NotApplicable"],
    ["nobody measured", policy, [], "CoverageTooLow: Nobody who may has measured"],
    [
      "enough",
      policy,
      [{ ...producer, lines: 80, branches: 70 }],
      "Passed: 80% of lines, 70% of branches (jenkins, e1)",
    ],
    [
      "too few lines",
      policy,
      [{ ...producer, lines: 79.9, branches: 99 }],
      "CoverageTooLow: booking-service: 79.9% of its lines",
    ],
    [
      "too few branches",
      policy,
      [{ ...producer, lines: 99, branches: 69 }],
      "CoverageTooLow: booking-service: 69% of its branches",
    ],
    [
      "branches that nobody counted",
      policy,
      [{ ...producer, lines: 99 }],
      "CoverageTooLow: booking-service: its coverage of branches is not in",
    ],
    [
      "one of two producers too low",
      policy,
      [
        { ...producer, lines: 99, branches: 99 },
        { ...producer, lines: 1, branches: 1 },
      ],
      "CoverageTooLow",
    ],
  ])("%s", (_what, given, coverage, expected) => {
    expect(ask("coverage", { policy: given, checks: { coverage } })).toContain(expected);
  });
});

describe("smoke tests", () => {
  const policy = { requireSmokeTests: true };
  const passed = { ...producer, passed: true, summary: "4 pages answer" };
  it.each([
    ["nobody asks", {}, [], "NotApplicable"],
    ["nobody ran any", policy, [], "SmokeTestsNotPassed: No listed producer"],
    ["passed", policy, [passed], "Passed: 4 pages answer (jenkins, e1)"],
    [
      "one passed and another failed",
      policy,
      [passed, { ...passed, passed: false, summary: "1 page is away" }],
      "SmokeTestsNotPassed: Smoke tests of booking-service failed: 1 page is away",
    ],
  ])("%s", (_what, given, smoke, expected) => {
    expect(ask("smoke-tests", { policy: given, checks: { smoke } })).toContain(expected);
  });
});

describe("a scan", () => {
  const finding = (severity: Severity, more: Partial<Finding> = {}): Finding => ({
    id: "GHSA-1",
    aliases: ["CVE-2025-0001"],
    package: "left-pad@1.3.0",
    severity,
    summary: "",
    ...more,
  });
  const known = (...findings: Finding[]) => ({
    known: {
      status: "Known" as const,
      source: "osv-file osv.json",
      asOf: "2025-05-20T00:00:00.000Z",
      packages: 7,
      findings,
    },
  });
  const override = (more: Partial<CveOverride> = {}): CveOverride => ({
    cves: ["CVE-2025-0001"],
    by: "sec",
    reason: "not reachable from outside",
    at: now,
    expiresAt: "2025-06-23T12:00:00.000Z",
    ...more,
  });
  const low = { scan: { maxSeverity: "low" } };
  const scan = (counts: Severity[], named: { id: string; package: string; severity: Severity }[] = []) => ({
    scans: [{ ...producer, counts: countSeverities(counts), named }],
  });

  it.each<[string, object, Partial<CheckEvidence>, string]>([
    ["nobody asks", {}, known(finding("critical")), "NotApplicable"],
    ["nobody scanned", { requireScan: true }, {}, "ScanFailed: Nobody has scanned"],
    ["nobody scanned, and there is a bound", low, {}, "ScanFailed: Nobody has scanned"],
    ["nothing is known", low, known(), "Passed: 7 packages by osv-file osv.json of 2025-05-20 00:00 UTC"],
    ["it is within the bound", low, known(finding("low")), "Passed"],
    [
      "a warning waits for a person",
      low,
      known(finding("high", { fixedIn: "2.0.0" })),
      "ScanWarning: booking-service waits for a SecurityReviewer: CVE-2025-0001 (GHSA-1), high in left-pad@1.3.0, mended in 2.0.0",
    ],
    ["unknown counts as high", low, known(finding("unknown")), "ScanWarning"],
    [
      "a critical one rejects",
      low,
      known(finding("critical")),
      "ScanFailed: booking-service is not let into production",
    ],
    [
      "policy rejects from high on",
      { scan: { maxSeverity: "low", rejects: "high" } },
      known(finding("high")),
      "ScanFailed",
    ],
    [
      "an override lets it pass and is shown",
      low,
      { ...known(finding("high")), overrides: [override()] },
      "overridden by sec until 2025-06-23 12:00 UTC: not reachable from outside",
    ],
    [
      "by the advisory's own id too",
      low,
      { ...known(finding("high")), overrides: [override({ cves: ["GHSA-1"] })] },
      "Passed",
    ],
    [
      "an override of another CVE does not",
      low,
      { ...known(finding("high")), overrides: [override({ cves: ["CVE-2025-0002"] })] },
      "ScanWarning",
    ],
    [
      "an override that has run out does not",
      low,
      { ...known(finding("high")), overrides: [override({ expiresAt: now })] },
      "ScanWarning",
    ],
    [
      "nobody overrides a critical one",
      low,
      { ...known(finding("critical")), overrides: [override()] },
      "ScanFailed",
    ],
    [
      "the source is away",
      low,
      { known: { status: "Unknown", source: "osv-service", reason: "it cannot be reached" } },
      "VulnerabilityDataOld: What is known against the packages of booking-service cannot be looked up",
    ],
    [
      "the data are too old",
      { scan: { maxSeverity: "low", maxDataAge: "2d" } },
      known(),
      "VulnerabilityDataOld: What is known of vulnerabilities is of 2025-05-20",
    ],
    ["the data are new enough", { scan: { maxSeverity: "low", maxDataAge: "4d" } }, known(), "Passed"],
    [
      "a warning, by the command that lets it pass on this release",
      low,
      known(finding("medium")),
      "studio override-cve release-000042 --cve CVE-2025-0001 --reason",
    ],
    [
      "too many of a severity",
      { scan: { maxFindings: { medium: 1 } } },
      known(finding("medium"), finding("medium", { id: "GHSA-2", aliases: [] })),
      "ScanWarning",
    ],
    [
      "no more than are let through",
      { scan: { maxFindings: { medium: 1 } } },
      known(finding("medium")),
      "Passed",
    ],
    ["a scanner's finding that it does not name cannot be overridden", low, scan(["high"]), "ScanFailed"],
    [
      "a scanner's finding that it names can",
      low,
      {
        ...scan(["high"], [{ id: "CVE-2025-0001", package: "", severity: "high" }]),
        overrides: [override()],
      },
      "Passed",
    ],
    [
      "one and the same by two sources counts once",
      { scan: { maxFindings: { high: 1 } } },
      {
        ...known(finding("high", { package: "" })),
        ...scan(["high"], [{ id: "CVE-2025-0001", package: "", severity: "high" }]),
      },
      "Passed",
    ],
  ])("%s", (_what, policy, checks, expected) => {
    expect(ask("scan", { policy, checks })).toContain(expected);
  });
});

describe("an SBOM", () => {
  const policy = { requireSbom: true };
  const there = { status: "There" as const, by: "the build", digest, components: [] };
  it.each<[string, object, Partial<SupplyChainEvidence>, string]>([
    ["nobody asks", {}, {}, "NotApplicable"],
    [
      "none is there",
      policy,
      { sbom: { status: "Missing", why: "the build wrote none" } },
      "SbomMissing: There is no SBOM of this artifact: the build wrote none",
    ],
    [
      "it is of another artifact",
      policy,
      { sbom: { ...there, problem: "it is of another" } },
      "SbomMissing: The SBOM of the build does not count",
    ],
    ["it is there", policy, { sbom: there }, "Passed: 0 components"],
    [
      "it is not signed",
      { requireSignedSbom: true },
      { sbom: there, signedSbom: bad },
      "SbomMissing: The SBOM of the build is not signed",
    ],
    [
      "it is signed",
      { requireSignedSbom: true },
      { sbom: there, signedSbom: good },
      "signed with the tenant's key",
    ],
  ])("%s", (_what, given, supplyChain, expected) => {
    expect(ask("sbom", { policy: given, supplyChain })).toContain(expected);
  });
});

describe("licences", () => {
  const policy = { licences: { deny: ["GPL-3.0-only"] } };
  const sbom = (licence: string, scope: "required" | "excluded" = "required") => ({
    sbom: {
      status: "There" as const,
      by: "the build",
      digest,
      components: [{ key: "k", name: "left-pad", version: "1.3.0", scope, licences: [licence] }],
    },
  });
  it.each<[string, object, Partial<SupplyChainEvidence>, string]>([
    ["nobody asks", {}, sbom("GPL-3.0-only"), "NotApplicable"],
    ["there is no SBOM", policy, {}, "SbomMissing: Licences are looked up in the SBOM"],
    ["all are taken", policy, sbom("MIT"), "Passed: the licences of 1 packages"],
    [
      "one is not",
      policy,
      sbom("GPL-3.0-or-later"),
      "LicenceDenied: production does not take left-pad@1.3.0: GPL-3.0-or-later (GPL-3.0-or-later is denied)",
    ],
    ["what is for building only does not count", policy, sbom("GPL-3.0-only", "excluded"), "Passed"],
  ])("%s", (_what, given, supplyChain, expected) => {
    expect(ask("licences", { policy: given, supplyChain })).toContain(expected);
  });
});

describe("a signature", () => {
  it.each([
    ["signed-commit", "requireSignedCommits", "commits", "UnsignedCommit"],
    ["signed-artifact", "requireSignedArtifacts", "artifact", "UnsignedArtifact"],
    ["signed-image", "requireSignedImages", "image", "UnsignedImage"],
    ["signed-pipeline", "requireSignedPipelines", "pipelines", "UnsignedPipeline"],
    ["signed-plan", "requireSignedPlans", "plan", "UnsignedPlan"],
  ])("%s: passes, fails with its code, and is asked for by %s alone", (gate, key, part, code) => {
    const policy = { [key]: true };
    expect(ask(gate, { policy, supplyChain: { [part]: good } })).toContain("Passed");
    expect(ask(gate, { policy, supplyChain: { [part]: bad } })).toContain(`${code}: `);
    expect(ask(gate, { policy })).toContain(`${code}: `);
    expect(ask(gate, { supplyChain: { [part]: bad } })).toContain("NotApplicable");
  });

  it("of an image is not asked of what is none, and of commits waits where the repository is away", () => {
    expect(
      ask("signed-image", { policy: { requireSignedImages: true }, supplyChain: { image: "none" } }),
    ).toContain("NotApplicable");
    expect(
      ask("signed-commit", { policy: { requireSignedCommits: true }, supplyChain: { commits: "away" } }),
    ).toContain("Unavailable");
  });
});

describe("provenance", () => {
  const policy = { requireProvenance: true };
  const there = { status: "There" as const, builder: "urn:ours", digest };
  it.each<[string, object, Partial<SupplyChainEvidence>, string]>([
    ["nobody asks", {}, {}, "NotApplicable"],
    ["there is none", policy, {}, "ProvenanceMissing: Nothing says how"],
    [
      "it is of another artifact",
      policy,
      { provenance: { ...there, problem: "it is of another artifact" } },
      "ProvenanceMissing",
    ],
    [
      "another builder",
      { ...policy, builders: ["urn:theirs"] },
      { provenance: there },
      "ProvenanceMissing: The artifact was built by urn:ours",
    ],
    [
      "a listed builder",
      { ...policy, builders: ["urn:ours"] },
      { provenance: there },
      "Passed: built by urn:ours",
    ],
  ])("%s", (_what, given, supplyChain, expected) => {
    expect(ask("provenance", { policy: given, supplyChain })).toContain(expected);
  });
});

describe("where it would run", () => {
  const expected = { tenantId: "acme", moduleId: "shop" };
  const planned = {
    tenantId: "acme",
    environment: "production",
    moduleId: "shop",
    namespace: "acme-production",
  };
  it.each([
    ["its own", planned, "Passed: namespace acme-production"],
    ["another tenant's namespace", { ...planned, namespace: "evil-production" }, "InvalidNamespaceAccess"],
    ["a plan for another tenant", { ...planned, tenantId: "evil" }, "InvalidNamespaceAccess"],
    ["a plan for another environment", { ...planned, environment: "staging" }, "InvalidNamespaceAccess"],
    ["a plan for another module", { ...planned, moduleId: "till" }, "InvalidNamespaceAccess"],
    ["nothing is planned", undefined, "NotApplicable"],
  ])("%s", (_what, place, answer) => {
    expect(
      ask("namespace", { supplyChain: { placement: { planned: place, expected, naming: {} } } }),
    ).toContain(answer);
  });

  it.each([
    ["nobody asks for names", {}, "NotApplicable"],
    [
      "they match",
      { modules: "^sh", namespaces: "^acme-" },
      "Passed: module shop, namespace acme-production",
    ],
    ["the module's does not", { modules: "^svc-" }, "NamingPolicy: The module shop does not match"],
    ["the namespace's does not", { namespaces: "^prod-" }, "NamingPolicy: The namespace acme-production"],
  ])("%s", (_what, naming, answer) => {
    expect(ask("naming", { supplyChain: { placement: { planned, expected, naming } } })).toContain(answer);
  });
});

describe("a rollback plan", () => {
  const policy = { requireRollbackPlan: true };
  it.each<[string, object, Partial<SupplyChainEvidence>, string]>([
    ["nobody asks", {}, {}, "NotApplicable"],
    ["there is none", policy, { rollback: "none" }, "RollbackPlanMissing"],
    ["policy allows none", policy, { rollback: { allowed: false, to: "1.0.0" } }, "RollbackPlanMissing"],
    ["it says where to", policy, { rollback: { allowed: true, to: "1.0.0" } }, "Passed: back to 1.0.0"],
    [
      "nothing serves yet",
      policy,
      { rollback: { allowed: true, to: undefined } },
      "Passed: nothing serves yet",
    ],
  ])("%s", (_what, given, supplyChain, expected) => {
    expect(ask("rollback-plan", { policy: given, supplyChain })).toContain(expected);
  });
});
