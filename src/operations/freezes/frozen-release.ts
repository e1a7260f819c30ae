/** A release that a freeze holds: what an override of it would bind, and how far one has come. */
import { z } from "zod";
import { eventName } from "../../domain/event/event.ts";
import { type Digests, digestsSchema } from "../../domain/event/event-catalogue.ts";
import type { OverridingRole } from "../../domain/freeze/freeze.ts";
import {
  endText,
  type FreezeOverride,
  namesOf,
  overrideOf,
  rolesThatMayOverride,
} from "../../domain/freeze/freeze-override.ts";
import { type OverrideLimits, overrideLimits } from "../../domain/freeze/freeze-policy.ts";
import { type Standing, standingOf } from "../../domain/freeze/standing.ts";
import { refuse } from "../../domain/refusal.ts";
import { authorsOf, sponsorsOf } from "../../domain/release/authors.ts";
import { effectivePolicy, policyAsked } from "../../domain/release/effective-policy.ts";
import { releaseNumber } from "../../domain/scope.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import { statesOf } from "../act-on-release.ts";
import { type FoundRelease, findRelease } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";

export interface FrozenRelease {
  releaseId: string;
  environment: string;
  moduleId: string;
  traceId: string;
  version: string;
  sponsor: string;
  formerSponsors: readonly string[];
  /** Who handed the change over, did so before it was taken over, or wrote it: none of them lets it pass. */
  concerned: string[];
  standing: Standing;
  /** `until Mon 2026-11-30 07:00 Europe/Berlin`, or that there is no end. */
  end: string;
  reasons: string;
  /** Roles of which each, with the claim `override.freeze`, may ask for an override; empty: nobody may. */
  mayOverride: OverridingRole[];
  /** Release Managers who may confirm what a StudioApprover asks for. */
  mayConfirm: string[];
  limits: OverrideLimits;
  digests: Digests;
  /** What was asked for and waits for a second person. */
  asked?: Omit<FreezeOverride, "confirmedBy">;
}

export const frozenReleaseInput = z.object({ releaseId: releaseNumber });

export async function showFrozenRelease(
  system: System,
  caller: Caller,
  { releaseId }: z.output<typeof frozenReleaseInput>,
): Promise<FrozenRelease> {
  return (await frozenRelease(system, caller, releaseId)).view;
}

/** Refuses with Conflict where no freeze holds the release. */
export async function frozenRelease(
  system: System,
  caller: Caller,
  releaseId: string,
): Promise<{ view: FrozenRelease; found: FoundRelease; latest: Date }> {
  const found = await findRelease(system, caller, releaseId);
  const { record, instance } = found;
  const { environment } = instance;
  const { tenantId, moduleId, traceId } = record.subject;
  const now = system.clock.now();
  const [tenant, known, seen, events] = await Promise.all([
    peopledTenant(system, tenantId),
    system.freezes.read(tenantId),
    system.freezes.newestTime(tenantId, now),
    system.store.events(record.subject, { names: [...telling] }),
  ]);
  const editionId = record.handOver?.module.editionId;
  const standing = standingOf(known, { environment, moduleId, editionId }, { now, seen });
  if (standing.active.length === 0 || !statesOf(system, found).some((state) => waiting.includes(state)))
    throw refuse(
      "Conflict",
      `No freeze holds ${releaseId} now.`,
      `See where it is: connectsoft explain ${traceId}; and what is frozen: connectsoft freeze list`,
    );
  const own = events.filter((event) => event.data.releaseId === releaseId);
  const verdict = own.findLast(
    ({ data }) => digestsSchema.safeParse(data.digests).success && data.by === undefined,
  );
  if (verdict === undefined)
    throw refuse(
      "Conflict",
      `${releaseId} is being evaluated.`,
      "Try again when that has ended: a moment from now.",
    );
  const newest = own.findLast((event) => eventName(event).startsWith("FreezeOver"));
  const asked =
    newest !== undefined && eventName(newest) === "FreezeOverrideRequested"
      ? overrideOf([newest], releaseId)
      : undefined;
  const sponsor = record.handOver?.sponsor ?? "";
  const merged = events.findLast((event) => eventName(event) === "PullRequestMerged");
  const concerned = [...new Set([...sponsorsOf(record.handOver), ...authorsOf(tenant, merged?.data)])];
  const view: FrozenRelease = {
    releaseId,
    environment,
    moduleId,
    traceId,
    version: String(verdict.data.version),
    sponsor,
    formerSponsors: record.handOver?.formerSponsors ?? [],
    concerned,
    standing,
    end: standing.until === undefined ? "with no end" : `until ${endText(standing.active, standing.until)}`,
    reasons: namesOf(standing.active),
    mayOverride: rolesThatMayOverride(standing.active),
    mayConfirm: tenant.people
      .filter(
        ({ id, roles }) => roles.includes("ReleaseManager") && !concerned.includes(id) && id !== asked?.by,
      )
      .map(({ id }) => id),
    limits: overrideLimits(effectivePolicy(tenant, policyAsked(record, environment))),
    digests: digestsSchema.parse(verdict.data.digests),
    ...(asked !== undefined && { asked }),
  };
  return { view, found, latest: seen };
}

const telling = [
  "ReleaseDelayed",
  "ApprovalRequested",
  "FreezeOverrideRequested",
  "FreezeOverridden",
] as const;
const waiting = ["evaluation", "awaiting_approval", "delayed"];
