import type { DispatchGround } from "../gate.ts";
import { failed, type Gate, lacking } from "../gate.ts";

/** A SLSA statement says of exactly this artifact how it was built, by a builder that policy lists. */
export const provenanceGate: Gate<DispatchGround> = {
  name: "provenance",
  answer({ policy, supplyChain: { provenance } }) {
    if (!policy.requireProvenance)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no provenance` };
    const next = "Rebuild the pipeline: connectsoft rebuild";
    if (provenance === undefined || provenance.status === "Missing")
      return lacking(
        "signature",
        failed(
          "ProvenanceMissing",
          `Nothing says how this artifact was built: ${provenance?.why ?? "no provenance was written"}.`,
          next,
        ),
      );
    const { builder, digest, problem } = provenance;
    if (problem !== undefined)
      return lacking(
        "signature",
        failed("ProvenanceMissing", `The provenance does not count: ${problem}.`, next),
      );
    if (policy.builders !== undefined && !policy.builders.includes(builder))
      return failed(
        "ProvenanceMissing",
        `The artifact was built by ${builder}, and ${policy.environment} takes what ${policy.builders.join(" or ")} built.`,
        "Build it there, or list the builder under builders in the release policy.",
      );
    return {
      status: "Passed",
      evidence: `built by ${builder} (provenance.intoto.json, ${digest.slice(0, 19)})`,
    };
  },
};
