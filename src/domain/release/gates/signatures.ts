/** Signatures that policy asks for: of commits, artifact, image, pipeline files and the plan of the infrastructure. */
import { type DispatchGround, failed, type Gate, lacking } from "../gate.ts";

const rebuild = "Rebuild the pipeline: connectsoft rebuild";
const lookAgainMs = 60_000;

/** Every commit of this delivery carries a good signature of somebody whom the tenant trusts. */
export const signedCommitGate: Gate = {
  name: "signed-commit",
  answer({ policy, digests, now, supplyChain: { commits } }) {
    if (!policy.requireSignedCommits)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no signed commits` };
    if (commits === "away") {
      const answer = failed(
        "Unavailable",
        `The repository of ${digests.commit.slice(0, 12)} is not on this host, so nobody has verified its signatures.`,
        "Nothing to do: it is asked again in a minute; or run a worker on the repository's host.",
      );
      const until = new Date(Date.parse(now) + lookAgainMs).toISOString();
      return { ...answer, until } as typeof answer;
    }
    if (commits?.good === true) return { status: "Passed", evidence: commits.by };
    return failed(
      "UnsignedCommit",
      `${commits?.why ?? `${digests.commit.slice(0, 12)} was not verified`}.`,
      "Sign it, or trust its signer: commits.sign and commits.trustedSshSigners in tenant.yaml.",
    );
  },
};

/** The digest of the artifact is signed with a key of the tenant's. Asked again at dispatch. */
export const signedArtifactGate: Gate<DispatchGround> = {
  name: "signed-artifact",
  answer({ policy, digests, supplyChain: { artifact } }) {
    if (!policy.requireSignedArtifacts)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no signed artifact` };
    if (artifact?.good === true) return { status: "Passed", evidence: artifact.by };
    const why = artifact?.why ?? "no signature was found";
    return lacking(
      "signature",
      failed("UnsignedArtifact", `The artifact ${short(digests.artifact)} is not signed: ${why}.`, rebuild),
    );
  },
};

/** Where the artifact is an image, it carries a signature in cosign's format. Asked again at dispatch. */
export const signedImageGate: Gate<DispatchGround> = {
  name: "signed-image",
  answer({ policy, supplyChain: { image } }) {
    if (!policy.requireSignedImages)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no signed image` };
    if (image === "none") return { status: "NotApplicable", evidence: "the artifact is no image" };
    if (image?.good === true) return { status: "Passed", evidence: image.by };
    return lacking(
      "signature",
      failed("UnsignedImage", `The image is not signed: ${image?.why ?? "no signature was found"}.`, rebuild),
    );
  },
};

/** The pipeline files are those that were signed when they were written. Asked again at dispatch. */
export const signedPipelineGate: Gate<DispatchGround> = {
  name: "signed-pipeline",
  answer({ policy, supplyChain: { pipelines } }) {
    if (!policy.requireSignedPipelines)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no signed pipeline files` };
    if (pipelines?.good === true) return { status: "Passed", evidence: pipelines.by };
    const why = pipelines?.why ?? "no signature was found";
    return lacking(
      "signature",
      failed("UnsignedPipeline", `The pipeline files are not signed: ${why}.`, rebuild),
    );
  },
};

/** The infrastructure plan is the one that the Cloud Provisioner signed. Asked again at dispatch. */
export const signedPlanGate: Gate<DispatchGround> = {
  name: "signed-plan",
  answer({ policy, supplyChain: { plan } }) {
    if (!policy.requireSignedPlans)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no signed plan` };
    if (plan?.good === true) return { status: "Passed", evidence: plan.by };
    return lacking(
      "signature",
      failed(
        "UnsignedPlan",
        `The infrastructure plan is not signed: ${plan?.why ?? "no signature was found"}.`,
        "Plan again: connectsoft retry --from planning_infrastructure",
      ),
    );
  },
};

function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
