/** What administers a tenant part by part. */
import { type Operation, operation } from "../operation.ts";
import { onRecord } from "../policy-changes/on-record.ts";
import { declarePerson, declarePersonInput, removePerson, removePersonInput } from "./declare-person.ts";
import { describeTenant, describeTenantInput } from "./describe-tenant.ts";

export const tenantOperations: Operation[] = [
  operation({
    name: "describeTenant",
    summary: "What the tenant declares, part by part: people, service accounts, environments, policies.",
    method: "GET",
    path: "/tenant/parts",
    input: describeTenantInput,
    action: "view",
    handle: describeTenant,
  }),
  operation({
    name: "declarePerson",
    summary: "Gives a person roles, or proposes it to a second person; one who is not declared yet is added.",
    method: "PUT",
    path: "/people/:person",
    input: declarePersonInput,
    action: "tenant",
    handle: onRecord("declarePerson", declarePerson),
  }),
  operation({
    name: "removePerson",
    summary: "Takes a person out of the tenant, or proposes it to a second person.",
    method: "DELETE",
    path: "/people/:person",
    input: removePersonInput,
    action: "tenant",
    handle: onRecord("removePerson", removePerson),
  }),
];
