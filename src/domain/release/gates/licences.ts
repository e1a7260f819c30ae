import { deniedLicences } from "../../supply-chain/licence-policy.ts";
import { type Evidence, failed, type Gate, lacking } from "../gate.ts";
import { nameFirst, withFindings } from "./name-first.ts";

/** Every package that runs is under a licence that policy takes, by its SPDX expression. */
export const licencesGate: Gate<Pick<Evidence, "policy" | "supplyChain">> = {
  name: "licences",
  answer({ policy, supplyChain: { sbom } }) {
    const { licences } = policy;
    if (licences === undefined)
      return { status: "NotApplicable", evidence: `${policy.environment} takes every licence` };
    const next =
      "Rebuild the pipeline: connectsoft rebuild; or hand one in: connectsoft evidence add --kind cyclonedx";
    if (sbom === undefined || sbom.status === "Missing" || sbom.problem !== undefined)
      return lacking(
        "sbom",
        failed(
          "SbomMissing",
          `Licences are looked up in the SBOM, and there is none that counts: ${(sbom?.status === "There" ? sbom.problem : sbom?.why) ?? "none was written"}.`,
          next,
        ),
      );
    const runs = sbom.components.filter(({ scope }) => scope !== "excluded");
    const denied = deniedLicences(runs, licences);
    if (denied.length === 0)
      return { status: "Passed", evidence: `the licences of ${runs.length} packages (${sbom.by})` };
    const found = denied.map(({ name, expression, why }) => `${name}: ${expression} (${why})`);
    return withFindings(
      found,
      failed(
        "LicenceDenied",
        `${policy.environment} does not take ${nameFirst(found)}.`,
        "Replace the package, or ask for another licence policy: connectsoft policy propose",
      ),
    );
  },
};
