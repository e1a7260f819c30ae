/** What people can do about vulnerabilities of a release. */
import { type Operation, operation } from "../operation.ts";
import { checkLive, checkLiveInput } from "./check-live.ts";
import { overrideCve, overrideCveInput } from "./override-cve.ts";
import { showFindings, showFindingsInput } from "./show-findings.ts";

export const vulnerabilityOperations: Operation[] = [
  operation({
    name: "showFindings",
    summary: "What the scan of a release found, and who overrode what.",
    method: "GET",
    path: "/releases/:releaseId/findings",
    input: showFindingsInput,
    action: "view",
    handle: showFindings,
  }),
  operation({
    name: "checkVulnerabilities",
    summary:
      "Looks at once whether what serves would be let in by what is known now; by policy it is taken back.",
    method: "POST",
    path: "/vulnerabilities/check",
    input: checkLiveInput,
    action: "evidence",
    handle: checkLive,
  }),
  // Whether it is the caller's own change is known when the release is found, so the use case asks.
  operation({
    name: "overrideCve",
    summary: "Lets named advisories pass on one release, or on every release of its version, for a while.",
    method: "POST",
    path: "/releases/:releaseId/override-cve",
    input: overrideCveInput,
    action: "view",
    handle: overrideCve,
  }),
];
