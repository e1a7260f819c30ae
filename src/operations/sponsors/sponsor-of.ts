/**
 * On whose authority a delivery runs: who hands it over, or who owns the service account that does. It is asked of
 * tenant.yaml again at each step, long after whoever called has gone, so that is where the person has to stand.
 */
import type { Action } from "../../domain/access/actions.ts";
import { refuse } from "../../domain/refusal.ts";
import { servicePrefix } from "../../domain/tenant/service-accounts.ts";
import { questionAbout } from "../access/question-of.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";
import { declaredCaller } from "./declared-caller.ts";

/** Refuses with SponsorMissing. */
export async function sponsorOf(
  system: System,
  caller: Caller,
  authority: Action = "hand-over",
): Promise<string> {
  const { tenantId, person, owner } = caller;
  const service = person.startsWith(servicePrefix);
  const sponsor = service ? owner : person;
  if (sponsor === undefined)
    throw refuse(
      "SponsorMissing",
      `${person} has no owner who is a person of ${tenantId}, and nothing runs on nobody's authority.`,
      `A StudioAdmin names one in tenant.yaml: serviceAccounts[].owner of ${person.slice(servicePrefix.length)}.`,
    );
  const tenant = await peopledTenant(system, tenantId);
  const declared = declaredCaller(tenant, sponsor);
  if (declared === undefined)
    throw refuse(
      "SponsorMissing",
      tenant.signIn?.groupsHold === undefined
        ? `${sponsor} is let in by groups; a delivery goes on when nobody is signed in, so its sponsor stands in tenant.yaml.`
        : `${sponsor} is no person of ${tenantId}, by tenant.yaml or by groups of a sign-in of the last ${tenant.signIn.groupsHold}.`,
      `A StudioAdmin declares ${sponsor} in tenant.yaml, with a role that may hand over, or lets groups hold: signIn.groupsHold.`,
    );
  const question = questionAbout(tenant, declared, { resource: { tenantId }, action: authority, own: true });
  const [decision] = await system.policy.ask([question], tenant.policies);
  if (decision?.allowed === true) return sponsor;
  throw refuse(
    "SponsorMissing",
    `${sponsor}${service ? `, who owns ${person},` : ""} may not hand over modules by tenant.yaml, and so cannot sponsor it.`,
    `A StudioAdmin gives ${sponsor} the role Developer there.`,
  );
}
