/** What can be done about a tenant's policy. */
import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import { confirmPolicy, confirmPolicyInput, rejectPolicy, rejectPolicyInput } from "./decide-policy.ts";
import { listProposals, policyHistory } from "./list-policies.ts";
import { diffPolicy, diffPolicyInput, showPolicy, showPolicyInput } from "./look-at-policy.ts";
import { onRecord } from "./on-record.ts";
import { proposePolicy, proposePolicyInput } from "./propose-policy.ts";
import { setCompliance, setComplianceInput } from "./set-compliance.ts";

const nothing = z.object({});

export const policyChangeOperations: Operation[] = [
  operation({
    name: "proposePolicy",
    summary: "Proposes a change of policy to a second person; where one person is alone it holds at once.",
    method: "POST",
    path: "/policy/proposals",
    input: proposePolicyInput,
    action: "policy",
    handle: onRecord("proposePolicy", proposePolicy),
  }),
  operation({
    name: "listPolicyProposals",
    summary: "Changes that were proposed, newest first, and who may confirm them.",
    method: "GET",
    path: "/policy/proposals",
    input: nothing,
    action: "view",
    handle: listProposals,
  }),
  operation({
    name: "confirmPolicy",
    summary: "Confirms a change that somebody else proposed, and puts it in force.",
    method: "POST",
    path: "/policy/proposals/:proposal/confirm",
    input: confirmPolicyInput,
    action: "policy",
    handle: onRecord("confirmPolicy", confirmPolicy),
  }),
  operation({
    name: "rejectPolicy",
    summary: "Rejects a change, with the reason; who proposed it takes it back so.",
    method: "POST",
    path: "/policy/proposals/:proposal/reject",
    input: rejectPolicyInput,
    action: "policy",
    handle: onRecord("rejectPolicy", rejectPolicy),
  }),
  operation({
    name: "policyHistory",
    summary: "Every version of the declaration: who proposed it, who confirmed it, why, and what it changed.",
    method: "GET",
    path: "/policy/history",
    input: nothing,
    action: "view",
    handle: policyHistory,
  }),
  operation({
    name: "diffPolicy",
    summary: "What a policy file, or one version after another, changes: in sentences.",
    method: "POST",
    path: "/policy/diff",
    input: diffPolicyInput,
    action: "view",
    handle: diffPolicy,
  }),
  operation({
    name: "showPolicy",
    summary: "The policy that holds for one place, with where each part of it is declared.",
    method: "GET",
    path: "/policy/effective/:environment",
    input: showPolicyInput,
    action: "view",
    handle: showPolicy,
  }),
  operation({
    name: "setCompliance",
    summary:
      "Puts a module, trace, environment or all of the tenant into compliance mode, or proposes to end it.",
    method: "POST",
    path: "/compliance",
    input: setComplianceInput,
    action: "tenant",
    handle: onRecord("setCompliance", setCompliance),
  }),
];
