/** What can be asked about who may do what. */
import { type Operation, operation } from "../operation.ts";
import { explainAccess, explainAccessInput } from "./explain-access.ts";
import { listRights, listRightsInput } from "./list-rights.ts";
import { testPolicy, testPolicyInput } from "./test-policy.ts";
import { validatePolicy, validatePolicyInput } from "./validate-policy.ts";

export const accessOperations: Operation[] = [
  operation({
    name: "validatePolicy",
    summary: "What the policies of a tenant.yaml come to: errors, contradictions, and whom they lock out.",
    method: "POST",
    path: "/policy/validations",
    input: validatePolicyInput,
    action: "view",
    handle: validatePolicy,
  }),
  operation({
    name: "explainAccess",
    summary: "Who would be let do what, where, and which policies decide it.",
    method: "GET",
    path: "/policy/decisions",
    input: explainAccessInput,
    action: "view",
    handle: explainAccess,
  }),
  operation({
    name: "listRights",
    summary: "What the caller may do in the tenant or an environment, and why not what they may not.",
    method: "GET",
    path: "/rights",
    input: listRightsInput,
    action: "view",
    handle: listRights,
  }),
  operation({
    name: "testPolicy",
    summary: "Holds the policies to a table of who, what, where and the expected answer.",
    method: "POST",
    path: "/policy/tests",
    input: testPolicyInput,
    action: "view",
    handle: testPolicy,
  }),
];
