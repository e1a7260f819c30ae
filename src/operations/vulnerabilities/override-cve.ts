/**
 * Lets named advisories pass on one release, or on every release of its version, for a while. A SecurityReviewer does it,
 * with a reason, and not on a change of their own. Which findings policy lets nobody override, the gate says.
 */
import { z } from "zod";
import { parseDuration } from "../../domain/flow/duration.ts";
import { refuse } from "../../domain/refusal.ts";
import { sponsorsOf } from "../../domain/release/authors.ts";
import { type EffectivePolicy, effectivePolicy, policyAsked } from "../../domain/release/effective-policy.ts";
import { emptinessOf, tooShort } from "../../domain/release/justification.ts";
import { releaseNumber, type Subject } from "../../domain/scope.ts";
import { accepts } from "../act-on-release.ts";
import { type FoundRelease, findRelease } from "../find-delivery.ts";
import { permit } from "../permit.ts";
import { type Caller, type System, sourceOf } from "../system.ts";

export const overrideCveInput = z.object({
  releaseId: releaseNumber,
  cves: z
    .array(
      z.string().regex(/^[A-Za-z][A-Za-z0-9._:/-]{2,199}$/, "expected an advisory such as CVE-2025-12345"),
    )
    .min(1)
    .max(50),
  reason: z.string().trim().max(2_000),
  /** How long it counts from now on. */
  expires: z
    .string()
    .regex(/^[1-9]\d{0,5}(s|m|h|d)$/, "expected a duration such as 12h or 30d")
    .default("30d"),
  /** For every release of this version, in whatever environment of the delivery. */
  wholeVersion: z.boolean().default(false),
});

export interface CveOverrideAnswer {
  subject: Subject;
  environment: string;
  releaseId: string;
  cves: string[];
  /** ISO 8601. */
  expiresAt: string;
  /** Whether the release is evaluated again now. */
  evaluated: boolean;
}

const leastReason = 20;
const longestByDefault = "90d";

export async function overrideCve(
  system: System,
  caller: Caller,
  { releaseId, cves, reason, expires, wholeVersion }: z.output<typeof overrideCveInput>,
): Promise<CveOverrideAnswer> {
  const found = await findRelease(system, caller, releaseId);
  const { record, instance } = found;
  const { subject } = record;
  const { environment } = instance;
  const policy = effectivePolicy(
    await system.tenants.get(subject.tenantId),
    policyAsked({ subject, handOver: record.handOver ?? undefined }, environment),
  );
  const own = sponsorsOf(record.handOver).includes(caller.person);
  await permit(system, caller, { action: "override-cve", ...subject, environment, releaseId, own });
  if (own && !policy.selfApproval)
    throw refuse(
      "SelfApproval",
      `${caller.person} handed this change over, and nobody overrides a warning about a change of their own.`,
      "Ask another SecurityReviewer.",
    );
  requireReason(policy, reason);
  const expiresAt = expiryOf(system, policy, { expires, releaseId });
  const names = [...new Set(cves)];
  const data = {
    ...{ releaseId, version: await versionOf(system, found), wholeVersion, cves: names },
    ...{ by: caller.person, role: "SecurityReviewer", reason, expiresAt },
  };
  const evaluated = accepts(system, found, "CveOverridden");
  await system.engine.append(subject, [
    { name: "CveOverridden", source: sourceOf(caller), environment, releaseId, data },
  ]);
  return { subject, environment, releaseId, cves: names, expiresAt, evaluated };
}

function requireReason({ scan, environment }: EffectivePolicy, reason: string): void {
  const least = scan?.overrideReason ?? leastReason;
  const short = [...reason].length < least ? tooShort(reason, least) : undefined;
  const empty = short ?? emptinessOf(reason);
  if (empty === undefined) return;
  throw refuse(
    "JustificationMissing",
    `The reason for overriding a warning in ${environment} ${empty}.`,
    'Say why it does no harm here, and what follows: --reason "..."',
  );
}

function expiryOf(
  { clock }: System,
  { scan, environment }: EffectivePolicy,
  { expires, releaseId }: { expires: string; releaseId: string },
): string {
  const longest = scan?.longestOverride ?? longestByDefault;
  const ms = parseDuration(expires) ?? 0;
  if (ms > (parseDuration(longest) ?? 0))
    throw refuse(
      "InputInvalid",
      `expires: an override in ${environment} counts for ${longest} at most, and ${expires} was asked for.`,
      `Such as: studio override-cve ${releaseId} --expires ${longest} --cve ... --reason "..."`,
    );
  return new Date(clock.now().getTime() + ms).toISOString();
}

async function versionOf({ store }: System, { record, instance }: FoundRelease): Promise<string> {
  const proposed = await store.events(record.subject, { names: ["ReleaseProposed"] });
  const own = proposed.findLast(({ data }) => data.releaseId === instance.releaseId);
  return String(own?.data.version ?? "");
}
