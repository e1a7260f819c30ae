/** Each freeze says which of the roles that may override freezes may override it. */
import { alternatives } from "../../domain/time-text.ts";
import { questionOf } from "../access/question-of.ts";
import type { Caller, System } from "../system.ts";
import type { FrozenRelease } from "./frozen-release.ts";

/** Undefined where the caller has such a role in the release's environment. */
export async function whyNoOverride(
  system: System,
  caller: Caller,
  { mayOverride, reasons, releaseId, environment, moduleId, traceId }: FrozenRelease,
): Promise<string | undefined> {
  if (mayOverride.length === 0) return `Nobody may override ${reasons}.`;
  const tenant = await system.tenants.get(caller.tenantId);
  const wish = { action: "override-freeze" as const, environment, moduleId, traceId, releaseId };
  const { principal } = await questionOf(system, caller, { tenant, wish });
  if (mayOverride.some((role) => principal.roles.includes(role))) return undefined;
  return `${caller.person} may not override the freeze of ${releaseId}: overriding ${reasons} takes ${alternatives(mayOverride)}.`;
}
