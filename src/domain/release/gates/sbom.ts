import { type Evidence, failed, type Gate, lacking } from "../gate.ts";

/** An SBOM that is valid CycloneDX and is of exactly this artifact; signed, where policy asks. */
export const sbomGate: Gate<Pick<Evidence, "policy" | "supplyChain">> = {
  name: "sbom",
  answer({ policy, supplyChain: { sbom, signedSbom } }) {
    if (!policy.requireSbom && !policy.requireSignedSbom)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no SBOM` };
    const next =
      "Rebuild the pipeline: connectsoft rebuild; or hand one in: connectsoft evidence add --kind cyclonedx";
    if (sbom === undefined || sbom.status === "Missing")
      return lacking(
        "sbom",
        failed("SbomMissing", `There is no SBOM of this artifact: ${sbom?.why ?? "none was written"}.`, next),
      );
    if (sbom.problem !== undefined)
      return failed("SbomMissing", `The SBOM of ${sbom.by} does not count: ${sbom.problem}.`, next);
    if (policy.requireSignedSbom && signedSbom?.good !== true)
      return lacking(
        "signature",
        failed(
          "SbomMissing",
          `The SBOM of ${sbom.by} is not signed, and ${policy.environment} asks for that: ${signedSbom?.why ?? "no signature was found"}.`,
          "Rebuild the pipeline: connectsoft rebuild",
        ),
      );
    const signed = signedSbom?.good === true ? `, ${signedSbom.by}` : "";
    return {
      status: "Passed",
      evidence: `${sbom.components.length} components, ${sbom.digest.slice(0, 19)} (${sbom.by}${signed})`,
    };
  },
};
