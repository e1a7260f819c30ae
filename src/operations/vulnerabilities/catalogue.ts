/** What people can do about vulnerabilities of a release. */
import { type Operation, operation } from "../operation.ts";
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
