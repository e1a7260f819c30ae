/** What compliance mode asks for and a tenant has not set up: a release is refused for it when it is proposed. */
import type { Refusal, RefusalCode } from "../refusal.ts";
import type { EffectivePolicy } from "../release/effective-policy.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { PolicyPlace } from "./layers.ts";
import { emptySeats } from "./lock-outs.ts";

/** One reason for each; empty where everything can be had. */
export function complianceNeeds(tenant: Tenant, place: PolicyPlace, policy: EffectivePolicy): Refusal[] {
  if (policy.compliance === undefined) return [];
  const { commits, repositories, naming } = tenant;
  const seats = emptySeats(tenant, policy);
  const need = (missing: boolean, [code, message, next]: [RefusalCode, string, string]): Refusal[] =>
    missing ? [{ code, message: `Compliance mode ${message}.`, next }] : [];
  return [
    ...need(commits.sign === undefined || !commits.requireSigned, [
      "UnsignedCommit",
      `asks for signed and verified commits, and commits of ${tenant.id} are not signed`,
      "A StudioAdmin or ReleaseManager sets commits.sign, commits.requireSigned and the trusted signers in tenant.yaml.",
    ]),
    ...need(commits.types.length === 0 && commits.pattern === undefined, [
      "CommitMessageInvalid",
      `asks for a policy of commit messages, and ${tenant.id} has none`,
      "Set commits.types, or commits.pattern, in tenant.yaml.",
    ]),
    ...need(repositories.targetBranch !== complianceBranch, [
      "BranchPolicy",
      `releases from ${complianceBranch}, and changes of ${tenant.id} land on ${repositories.targetBranch}`,
      `Set repositories.targetBranch: ${complianceBranch} in tenant.yaml.`,
    ]),
    ...need(naming.namespaces === undefined || naming.resources === undefined, [
      "NamingPolicy",
      `asks for a policy of names, and ${tenant.id} has none for namespaces and resources`,
      "Set naming.namespaces and naming.resources in tenant.yaml.",
    ]),
    ...need(!policy.rollbackAllowed, [
      "RollbackNotAllowed",
      `asks for a way back, and the policy of ${place.environment} has rollbackAllowed: false`,
      "Allow it: connectsoft policy propose <file>",
    ]),
    ...need(seats !== undefined, [
      "QuorumNotMet",
      `needs people who can approve ${place.environment}: ${seats ?? ""}`,
      "A StudioAdmin gives the roles to more people in tenant.yaml.",
    ]),
  ];
}

const complianceBranch = "main";
