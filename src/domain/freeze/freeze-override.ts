/** An override: a person with the claim, confirmed by a second one, lets one release pass freezes that they name, for a while. */
import { type Digests, digestsSchema } from "../event/event-catalogue.ts";
import type { Refusal } from "../refusal.ts";
import { alternatives } from "../time-text.ts";
import type { OverridingRole } from "./freeze.ts";
import type { ActiveFreeze, Standing } from "./standing.ts";
import { wallClockText } from "./wall-clock.ts";

export interface FreezeOverride {
  by: string;
  confirmedBy: string;
  reason: string;
  /** Ids of the freezes that it is about. */
  freezes: string[];
  digests: Digests;
  /** ISO 8601. */
  expiresAt: string;
}

/** What the freeze gate looks at. */
export interface FreezeEvidence extends Standing {
  release: { tenantId: string; environment: string; releaseId: string };
  /** Why it may pass all the same. */
  passes?: string;
  /** Why an override of this release does not count. */
  overrideVoid?: string;
}

/** The newest override of a release among what was recorded of it, newest first. */
export function overrideOf(
  recorded: readonly { data: Record<string, unknown> }[],
  releaseId: string,
): FreezeOverride | undefined {
  const found = recorded.find(({ data }) => data.releaseId === releaseId)?.data;
  if (found === undefined) return undefined;
  const { by, confirmedBy, reason, freezes, expiresAt } = found;
  return {
    by: String(by),
    confirmedBy: String(confirmedBy),
    reason: String(reason),
    freezes: Array.isArray(freezes) ? freezes.map(String) : [],
    digests: digestsSchema.parse(found.digests),
    expiresAt: String(expiresAt),
  };
}

/** Why an override does not let a release pass, or undefined where it does. `latest`: the newest time that is known. */
export function weaknessOf(
  override: FreezeOverride,
  { active, digests, latest }: { active: readonly ActiveFreeze[]; digests: Digests; latest: Date },
): string | undefined {
  if (Date.parse(override.expiresAt) <= latest.getTime()) return `it held until ${override.expiresAt}`;
  const names = Object.keys({ ...override.digests, ...digests }) as (keyof Digests)[];
  const changed = names.filter((name) => override.digests[name] !== digests[name]);
  if (changed.length > 0) return `changed since then: ${changed.join(", ")}`;
  const others = active.filter(({ id }) => !override.freezes.includes(id));
  return others.length === 0 ? undefined : `it was not for ${namesOf(others)}`;
}

/** Of a release that is frozen and may not pass. */
export function refusalOfFreeze(evidence: FreezeEvidence): Refusal | undefined {
  const { active, until, passes, overrideVoid, release } = evidence;
  if (active.length === 0 || passes !== undefined) return undefined;
  const { tenantId, environment, releaseId } = release;
  const lost = overrideVoid === undefined ? "" : ` Its override does not count: ${overrideVoid}.`;
  const end = until === undefined ? "and no end is set" : `until ${endText(active, until)}`;
  const roles = rolesThatMayOverride(active);
  const ask =
    roles.length === 0
      ? "It cannot be overridden."
      : `If it cannot wait, ask a ${alternatives(roles)} with the claim override.freeze: studio override-freeze ${releaseId} --reason "..."`;
  return {
    code: "FreezeActive",
    message: `${environment} of ${tenantId} is frozen ${end} (${namesOf(active)}).${lost}`,
    next: `${until === undefined ? wayOut(active) : "Nothing to do: it goes on by itself when the freeze ends."} ${ask}`,
  };
}

/** Roles of which each may override all of these. */
export function rolesThatMayOverride(active: readonly ActiveFreeze[]): OverridingRole[] {
  const [first, ...others] = active;
  return (first?.mayOverride ?? []).filter((role) =>
    others.every(({ mayOverride }) => mayOverride.includes(role)),
  );
}

/** In the zone of the freeze that ends last. */
export function endText(active: readonly ActiveFreeze[], until: string): string {
  const last = active.toSorted((a, b) => (a.until ?? "").localeCompare(b.until ?? "")).at(-1);
  return wallClockText(Date.parse(until), last?.timeZone ?? "UTC");
}

export function namesOf(active: readonly ActiveFreeze[]): string {
  return [...new Set(active.map(({ reason }) => reason))].join("; ");
}

function wayOut(active: readonly ActiveFreeze[]): string {
  const open = active.filter(({ until }) => until === undefined).map(({ id }) => id);
  return `It goes on when ${open.join(" and ")} is lifted (connectsoft freeze lift ${open[0]} --reason "..."), or given an end in tenant.yaml.`;
}
