/** Asks the policy decision point again about who asked for a freeze override and who confirmed it, as they are declared now. */
import type { AccessQuestion } from "../../domain/access/access-question.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { alternatives } from "../../domain/time-text.ts";
import type { LostOverrider, OverriddenRelease } from "../../ports/overriders.ts";
import { questionAbout } from "../access/question-of.ts";
import { declaredCaller } from "../sponsors/declared-caller.ts";
import type { System } from "../system.ts";

export function createLostOverrider(system: {
  tenants: Pick<System["tenants"], "get">;
  policy: System["policy"];
}): LostOverrider {
  return async (release) => {
    const { by, confirmedBy, mayOverride } = release;
    const tenant = await system.tenants.get(release.tenantId);
    const asked = questionOn(tenant, release, { person: by, action: "override-freeze" });
    const confirmed = questionOn(tenant, release, { person: confirmedBy, action: "freeze" });
    if (asked === undefined) return `${by} does not belong to ${tenant.id} any more`;
    if (confirmed === undefined)
      return `${confirmedBy}, who confirmed it, does not belong to ${tenant.id} any more`;
    const [first, second] = await system.policy.ask([asked, confirmed], tenant.policies);
    if (!mayOverride.some((role) => asked.principal.roles.includes(role)))
      return `${by} is no ${alternatives(mayOverride)} any more`;
    if (first?.allowed !== true) return `${by} may not override freezes any more`;
    if (second?.allowed !== true) return `${confirmedBy} may not confirm it any more`;
    return undefined;
  };
}

function questionOn(
  tenant: Tenant,
  { tenantId, environment, moduleId, traceId, releaseId }: OverriddenRelease,
  { person, action }: { person: string; action: "override-freeze" | "freeze" },
): AccessQuestion | undefined {
  const caller = declaredCaller(tenant, person);
  const resource = { tenantId, environment, moduleId, traceId, releaseId };
  return caller && questionAbout(tenant, caller, { resource, action, own: false });
}
