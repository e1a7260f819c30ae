/** What counts as evidence of a release: of this tree and commit, of listed producers, signed with the tenant's key. */
import { beforeEach, describe, expect, it, test } from "vitest";
import { checkFiles } from "../../src/adapters/validator/index.ts";
import { gatherChecks } from "../../src/agents/release-manager/gather-checks.ts";
import { gatherSupplyChain } from "../../src/agents/release-manager/gather-supply-chain.ts";
import { releaseManagerManifest } from "../../src/agents/release-manager/manifest.ts";
import type { Proposal } from "../../src/agents/release-manager/proposal.ts";
import { writeVouching } from "../../src/agents/vouched-for.ts";
import { digestOf, sha256 } from "../../src/domain/canonical-json.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { effectivePolicy } from "../../src/domain/release/effective-policy.ts";
import { gatesAtDispatch } from "../../src/domain/release/gates/index.ts";
import { signImage } from "../../src/domain/supply-chain/image-signature.ts";
import { provenanceOf } from "../../src/domain/supply-chain/provenance.ts";
import { sbomOf } from "../../src/domain/supply-chain/sbom.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { RecordedEvent } from "../../src/ports/agent.ts";
import { type FakeContext, fakeContext, sampleHandOver } from "../support/agent-context.ts";
import { createTestSigner } from "../support/votes.ts";

const commit = "c".repeat(40);
const tree = "d".repeat(40);
const artifact = sha256("the artifact");
const image = sha256("the image's manifest");
const plan = {
  namespace: "vetclinic-001-production",
  changes: [],
  request: { tenantId: "vetclinic-001", environment: "production", moduleId: "booking-service" },
};
const signer = createTestSigner();

const tenant = tenantSchema.parse({
  id: "vetclinic-001",
  people: [{ id: "jane", roles: ["Developer"] }],
  environments: [{ id: "production" }],
  evidence: {
    producers: [
      { id: "jenkins", kinds: ["coverage", "tests"] },
      { id: "trivy", kinds: ["scan"] },
      { id: "syft", kinds: ["sbom"] },
    ],
  },
  releasePolicy: {
    environments: {
      production: {
        coverage: { lines: 80 },
        requireSmokeTests: true,
        requireScan: true,
        requireSbom: true,
        requireSignedSbom: true,
        requireSignedArtifacts: true,
        requireSignedImages: true,
        requireSignedPlans: true,
        requireSignedPipelines: true,
        requireProvenance: true,
      },
    },
  },
});
const policy = effectivePolicy(tenant, "production");
const digests = { commit: "m".repeat(40), tree, artifact, infrastructurePlan: digestOf(plan) };
const proposal = {
  tenant,
  policy,
  digests,
  environment: "production",
  releaseId: "release-000001",
  version: "1.0.0",
} as unknown as Proposal;

const sbom = sbomOf({
  tenantId: "vetclinic-001",
  module: sampleHandOver().module,
  commit,
  tree,
  timestamp: "2025-05-23T10:00:00.000Z",
  toolVersion: "1.0.0",
  files: [],
});
const provenance = provenanceOf({
  artifacts: [{ name: "booking-service-1.0.0", digest: artifact }],
  repository: "vetclinic-001/booking-service",
  commit,
  tree,
  folder: "",
  stages: [],
  inventories: [],
  builderId: "urn:connectsoft-delivery:host:test",
  builderVersion: "1.0.0",
  invocationId: "i",
  startedOn: "2025-05-23T10:00:00.000Z",
  finishedOn: "2025-05-23T10:00:00.000Z",
});

let context: FakeContext;
beforeEach(async () => {
  context = fakeContext({
    invocation: { environment: "production" },
    events: [
      {
        name: "ArtifactBuilt",
        data: {
          commit,
          tree,
          artifact,
          image,
          supplyChain: { sbom: sha256(sbom), provenance: sha256(provenance) },
        },
      },
    ],
    memory: {
      "supply-chain/SBOM.json": sbom,
      "supply-chain/provenance.intoto.json": provenance,
      "supply-chain/ImageSignature.json": await signImage(image, (payload) =>
        signer.sign("vetclinic-001", payload),
      ),
      "env/InfrastructurePlan.json": JSON.stringify(plan),
      "pipelines/PipelineSnapshot.yaml": JSON.stringify({
        tree,
        files: [{ path: "ci.yml", digest: sha256("ci") }],
      }),
    },
  });
  await vouch("artifact", {
    artifact,
    image,
    "SBOM.json": sha256(sbom),
    "provenance.intoto.json": sha256(provenance),
  });
  await vouch("plan", { "InfrastructurePlan.json": digestOf(plan) });
  await vouch("pipeline", { "ci.yml": sha256("ci"), [`tree ${tree}`]: sha256(tree) });
});

async function vouch(
  kind: "artifact" | "plan" | "pipeline",
  of: Record<string, string>,
  by = signer,
): Promise<void> {
  await writeVouching(by, context, { kind, digests: of });
}

function supplyChain() {
  const verifyCommits = async () => "away" as const;
  return gatherSupplyChain({ signer, checkFiles, verifyCommits }, context, proposal);
}

function checks() {
  return gatherChecks({ vulnerabilities: { lookUp: async () => undefined } }, context, proposal, undefined);
}

describe("what vouches for the bytes", () => {
  it("is all there where everything was signed for exactly these", async () => {
    const found = await supplyChain();
    for (const part of ["artifact", "signedSbom", "image", "plan", "pipelines"] as const)
      expect(found[part], part).toMatchObject({ good: true });
    expect(found.sbom).toMatchObject({ status: "There", by: "the build" });
    expect(found.sbom).not.toHaveProperty("problem");
    expect(found.provenance).not.toHaveProperty("problem");
    expect(found.placement.planned).toMatchObject({ namespace: "vetclinic-001-production" });
  });

  it("reads only what the manifest of the Release Manager declares", async () => {
    const held = fakeContext({ invocation: { environment: "production" }, manifest: releaseManagerManifest });
    await expect(
      gatherSupplyChain({ signer, checkFiles, verifyCommits: async () => "away" }, held, proposal),
    ).resolves.toMatchObject({ sbom: { status: "Missing" } });
  });

  it.each([
    ["another artifact", { artifact: sha256("other") }, "artifact"],
    ["no SBOM", { artifact }, "signedSbom"],
    ["another SBOM", { artifact, "SBOM.json": sha256("other") }, "signedSbom"],
    ["another image", { artifact, image: sha256("other") }, "image"],
  ] as const)("does not where %s was signed", async (_what, of, part) => {
    await vouch("artifact", of as Record<string, string>);
    expect((await supplyChain())[part]).toMatchObject({ good: false });
  });

  it("does not where another key signed, or a signature was taken from another delivery", async () => {
    await vouch("artifact", { artifact }, createTestSigner());
    expect((await supplyChain()).artifact).toMatchObject({ good: false });
    const elsewhere = fakeContext({ invocation: { traceId: "trace-other" } });
    await writeVouching(signer, elsewhere, { kind: "artifact", digests: { artifact } });
    context.memory.write(
      "supply-chain",
      "ArtifactSignature.sigstore.json",
      elsewhere.written["supply-chain/ArtifactSignature.sigstore.json"] ?? "",
    );
    expect((await supplyChain()).artifact).toMatchObject({
      good: false,
      why: "what is signed is of another delivery",
    });
  });

  it("does not where the plan, a pipeline file or the provenance was changed after it was signed", async () => {
    context.memory.write(
      "env",
      "InfrastructurePlan.json",
      JSON.stringify({ ...plan, namespace: "evil-production" }),
    );
    context.memory.write(
      "pipelines",
      "PipelineSnapshot.yaml",
      JSON.stringify({ tree, files: [{ path: "ci.yml", digest: sha256("evil") }] }),
    );
    context.memory.write(
      "supply-chain",
      "provenance.intoto.json",
      provenance.replace("host:test", "host:evil"),
    );
    const found = await gatherSupplyChain(
      { signer, checkFiles, verifyCommits: async () => "away" },
      context,
      {
        ...proposal,
        digests: {
          ...proposal.digests,
          infrastructurePlan: digestOf({ ...plan, namespace: "evil-production" }),
        },
      },
    );
    expect(found.plan).toMatchObject({ good: false });
    expect(found.pipelines).toMatchObject({ good: false, why: "ci.yml is not what was signed" });
    expect(found.provenance).toMatchObject({
      problem: expect.stringContaining("not the one that the build"),
    });
  });

  it.each([
    ["another build", (text: string) => `${text} `, "it is sha256"],
    [
      "no CycloneDX",
      () => '{"bomFormat":"CycloneDX","specVersion":"1.6","components":"all"}',
      "does not fit CycloneDX's schema",
    ],
  ])("an SBOM of %s does not count", async (_what, change, problem) => {
    const text = change(sbom);
    context.memory.write("supply-chain", "SBOM.json", text);
    if (problem.startsWith("does"))
      context.record("ArtifactBuilt", { commit, tree, artifact, supplyChain: { sbom: sha256(text) } });
    expect((await supplyChain()).sbom).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test("an SBOM that a listed producer hands in counts where the build wrote none; no other's does", async () => {
    context = fakeContext({
      events: [{ name: "ArtifactBuilt", data: { commit, tree, artifact, supplyChain: {} } }],
    });
    const state = async (producer: string, of = tree) => {
      const data = { commit, tree: of, reportDigest: sha256(sbom), producer, kind: "cyclonedx" };
      context.record("ScanCompleted", data, { source: `/ci/${producer}` });
      context.memory.write("supply-chain", `evidence/${producer}/bom.cdx.json`, sbom);
      return (await supplyChain()).sbom;
    };
    expect(await state("stranger")).toMatchObject({ status: "Missing" });
    expect(await state("trivy")).toMatchObject({ status: "Missing" });
    expect(await state("syft", "e".repeat(40))).toMatchObject({ status: "Missing" });
    expect(await state("syft")).toMatchObject({ status: "There", by: "syft" });
  });

  test("the gates that are asked again at dispatch refuse each of it by its code", async () => {
    const ask = async () => {
      const { module } = context.handOver;
      const ground = {
        policy,
        module,
        digests: proposal.digests,
        supplyChain: await supplyChain(),
        blocks: [],
      };
      return gatesAtDispatch.flatMap((gate) => {
        const answer = gate.answer(ground);
        return answer.status === "Failed" ? [answer.refusal.code] : [];
      });
    };
    expect(await ask()).toEqual([]);
    await vouch("artifact", { artifact: sha256("other") });
    await vouch("plan", { "InfrastructurePlan.json": sha256("other") });
    context.memory.write("supply-chain", "provenance.intoto.json", "{}");
    expect(await ask()).toEqual(["UnsignedArtifact", "UnsignedImage", "ProvenanceMissing", "UnsignedPlan"]);
  });
});

describe("what was measured", () => {
  const coverage = { format: "lcov", percent: 85, lines: { covered: 85, total: 100 } };
  const findings = { critical: 1, high: 0, medium: 0, low: 0, unknown: 0 };
  const state = (name: RecordedEvent["name"], source: string, data: JsonObject) =>
    context.record(
      name,
      { commit, tree, reportDigest: artifact, producer: source.split("/").at(-1) ?? "", ...data },
      { source },
    );

  it("counts of listed producers, of what they are listed for", async () => {
    state("ScanCompleted", "/ci/jenkins", { coverage });
    state("ScanCompleted", "/ci/trivy", { findings, advisories: [{ id: "CVE-1", severity: "critical" }] });
    state("SmokeTestsReady", "/qa/jenkins", { passed: true });
    expect(await checks()).toMatchObject({
      coverage: [{ lines: 85, producer: "jenkins" }],
      scans: [{ producer: "trivy", counts: { critical: 1 }, named: [{ id: "CVE-1" }] }],
      smoke: [{ passed: true }],
    });
  });

  it("of the merged commit counts too: it is the same tree", async () => {
    state("ScanCompleted", "/ci/jenkins", { coverage, commit: digests.commit });
    expect((await checks()).coverage).toHaveLength(1);
  });

  it.each([
    ["of another tree", "/ci/jenkins", { tree: "e".repeat(40) }],
    ["of another commit", "/ci/jenkins", { commit: "e".repeat(40) }],
    ["of a stranger", "/ci/stranger", {}],
    ["of a producer that is listed for something else", "/ci/trivy", {}],
    ["that a person states in their own name", "/cli", {}],
    ["that claims a listed producer under another source", "/upstream/jenkins", { producer: "jenkins" }],
  ])("%s does not count", async (_what, source, data) => {
    state("ScanCompleted", source, { coverage, ...data });
    expect((await checks()).coverage).toEqual([]);
  });

  it("of a scanner is no coverage, and the other way round", async () => {
    state("ScanCompleted", "/ci/jenkins", { coverage });
    state("ScanCompleted", "/ci/trivy", { findings });
    const found = await checks();
    expect(found.scans).toHaveLength(1);
    expect(found.coverage).toHaveLength(1);
  });

  it("is the newest of each producer: what is sent again does not bring an old result back", async () => {
    state("ScanCompleted", "/ci/trivy", { findings: { ...findings, critical: 0 } });
    state("ScanCompleted", "/ci/trivy", { findings });
    expect((await checks()).scans).toMatchObject([{ counts: { critical: 1 } }]);
  });

  it("by our own scan counts where it could ask somebody, and is none where it could not", async () => {
    state("ScanCompleted", "/agents/devops-engineer", { findings, vulnerabilities: "NotScanned" });
    expect((await checks()).scans).toEqual([]);
    state("ScanCompleted", "/agents/devops-engineer", { findings, vulnerabilities: "Scanned" });
    expect((await checks()).scans).toHaveLength(1);
  });

  it("an override is a person's: an agent's or a producer's is none", async () => {
    const data = {
      releaseId: "release-000001",
      version: "1.0.0",
      wholeVersion: false,
      cves: ["CVE-1"],
      by: "sec",
      role: "SecurityReviewer",
      reason: "r",
      expiresAt: "2025-06-01T00:00:00.000Z",
    };
    context.record("CveOverridden", data, { source: "/agents/release-manager" });
    context.record("CveOverridden", data, { source: "/ci/trivy" });
    context.record("CveOverridden", { ...data, releaseId: "release-000002" }, { source: "/cli" });
    expect((await checks()).overrides).toEqual([]);
    context.record(
      "CveOverridden",
      { ...data, releaseId: "release-000002", wholeVersion: true },
      { source: "/cli" },
    );
    expect((await checks()).overrides).toMatchObject([{ by: "sec", cves: ["CVE-1"] }]);
  });
});
