import { deniedLicences } from "../../supply-chain/licence-policy.ts";
import { type Evidence, failed, type Gate, lacking } from "../gate.ts";

const mostListed = 5;

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
    const named = denied
      .slice(0, mostListed)
      .map(({ name, expression, why }) => `${name}: ${expression} (${why})`);
    const more = denied.length > mostListed ? `; ${denied.length - mostListed} more` : "";
    return failed(
      "LicenceDenied",
      `${policy.environment} does not take ${named.join("; ")}${more}.`,
      "Replace the package, or ask for another licence policy: connectsoft policy propose",
    );
  },
};
