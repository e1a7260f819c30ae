/** A release about which everything is known and signed, for the bench of gates. */
import { digestOf, sha256 } from "../../src/domain/canonical-json.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ArtifactKind } from "../../src/domain/memory/artifact-path.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { provenanceOf } from "../../src/domain/supply-chain/provenance.ts";
import { sbomOf } from "../../src/domain/supply-chain/sbom.ts";
import { type VouchedFor, vouchFor } from "../../src/domain/supply-chain/signed-subjects.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { sampleHandOver } from "../../test/support/agent-context.ts";

const commit = "c".repeat(40);
const tree = "d".repeat(40);
const artifact = sha256("the artifact");
const at = "2026-01-01T00:00:00.000Z";

export function tenantOf(osvFile: string): Tenant {
  const asked = Object.fromEntries(
    "SmokeTests Scan Sbom SignedSbom Provenance SignedCommits SignedArtifacts SignedImages SignedPipelines SignedPlans RollbackPlan Tests"
      .split(" ")
      .map((name) => [`require${name}`, true]),
  );
  return tenantSchema.parse({
    id: "vetclinic-001",
    people: [{ id: "jane", roles: ["Developer"] }],
    environments: [{ id: "production" }],
    vulnerabilities: { source: "osv-file", path: osvFile },
    naming: { namespaces: "^vetclinic", modules: "^[a-z-]+$" },
    releasePolicy: {
      environments: {
        production: {
          ...asked,
          requiresApproval: true,
          coverage: { lines: 80 },
          licences: { allow: ["MIT"], undeclared: "deny" },
          scan: { maxSeverity: "low", maxFindings: { low: 10 } },
        },
      },
    },
  });
}

export function advisories(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `GHSA-${index}`,
    modified: at,
    affected: [
      {
        package: { ecosystem: "npm", name: `package-${index}` },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.0.0" }] }],
      },
    ],
  }));
}

interface Facts {
  events: { name: EventName; data: JsonObject }[];
  files: { kind: ArtifactKind; name: string; content: string }[];
}

export async function factsOf(
  of: Subject,
  { packages, sign }: { packages: number; sign: Parameters<typeof vouchFor>[1] },
): Promise<Facts> {
  const { module } = sampleHandOver();
  const sbom = sbomOf({
    ...{ tenantId: of.tenantId, module, commit, tree, timestamp: at, toolVersion: "1.0.0" },
    files: [{ path: "package-lock.json", text: lockOf(packages) }],
  });
  const provenance = provenanceOf({
    ...{
      artifacts: [{ name: "booking-service", digest: artifact }],
      repository: "bench/booking-service",
      commit,
      tree,
    },
    ...{ folder: "", stages: [], inventories: [], builderId: "urn:bench", builderVersion: "1.0.0" },
    ...{ invocationId: "bench", startedOn: at, finishedOn: at },
  });
  const request = { tenantId: of.tenantId, environment: "production", moduleId: of.moduleId };
  const plan = { namespace: "vetclinic-001-production", changes: [], request };
  const snapshot = { tree, files: [{ path: "ci.yml", digest: sha256("ci") }] };
  const rollout = { steps: [], rollback: { allowed: true, to: null } };
  const vouch = (kind: VouchedFor["kind"], digests: Record<string, string>) =>
    vouchFor({ kind, of, digests }, sign);
  const supplyChain = { sbom: sha256(sbom), provenance: sha256(provenance) };
  const stated = { commit, tree, reportDigest: artifact, producer: "connectsoft-local-runner" };
  const coverage = { format: "lcov", percent: 91, lines: { covered: 91, total: 100 } };
  return {
    events: [
      { name: "ArtifactBuilt", data: { commit, tree, artifact, supplyChain } },
      { name: "TestsPassed", data: { ...stated, applicable: true, coverage } },
      { name: "SmokeTestsReady", data: { ...stated, passed: true } },
      {
        name: "ReleaseProposed",
        data: { releaseId: "release-000001", version: "1.0.0", environment: "production" },
      },
    ],
    files: [
      { kind: "supply-chain", name: "SBOM.json", content: sbom },
      { kind: "supply-chain", name: "provenance.intoto.json", content: provenance },
      {
        kind: "supply-chain",
        name: "ArtifactSignature.sigstore.json",
        content: await vouch("artifact", { artifact, "SBOM.json": sha256(sbom) }),
      },
      { kind: "pipelines", name: "PipelineSnapshot.yaml", content: JSON.stringify(snapshot) },
      {
        kind: "pipelines",
        name: "PipelineSignature.sigstore.json",
        content: await vouch("pipeline", { "ci.yml": sha256("ci"), [`tree ${tree}`]: sha256(tree) }),
      },
      { kind: "env", name: "InfrastructurePlan.json", content: JSON.stringify(plan) },
      {
        kind: "env",
        name: "PlanSignature.sigstore.json",
        content: await vouch("plan", { "InfrastructurePlan.json": digestOf(plan) }),
      },
      { kind: "deployments", name: "RolloutPlan.yaml", content: JSON.stringify(rollout) },
    ],
  };
}

function lockOf(count: number): string {
  const packages = Array.from({ length: count }, (_, index) => [
    `node_modules/package-${index}`,
    {
      version: "1.0.0",
      license: "MIT",
      integrity: `sha512-${Buffer.alloc(64, index % 250).toString("base64")}`,
    },
  ]);
  return JSON.stringify({
    name: "bench",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": {}, ...Object.fromEntries(packages) },
  });
}
