/** Whether a person may let pass what an advisory holds, and why not; needless where nothing holds it. */
import { eventName } from "../../../domain/event/event.ts";
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import { sponsorsOf } from "../../../domain/release/authors.ts";
import { effectivePolicy, policyAsked } from "../../../domain/release/effective-policy.ts";
import { scanGate } from "../../../domain/release/gates/scan.ts";
import { mayDo, needless, type Possibility, refused } from "../../access/may-do.ts";
import type { Caller, System } from "../../system.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";

export async function overrideCvePossibility(
  system: System,
  caller: Caller,
  { record, environment, releaseId, summary, events }: ReleaseAtHand,
): Promise<Possibility> {
  const nothing = events.some((event) => tellOfAdvisories.includes(eventName(event)))
    ? undefined
    : whyNoAdvisory({ summary, environment });
  if (nothing !== undefined) return needless({ message: `No advisory holds ${releaseId}: ${nothing}.` });
  const { subject, handOver } = record;
  const own = sponsorsOf(handOver).includes(caller.person);
  const allowed = await mayDo(system, caller, {
    action: "override-cve",
    ...subject,
    environment,
    releaseId,
    own,
  });
  if (!allowed.allowed || !own || handOver === undefined) return allowed;
  const tenant = await system.tenants.get(subject.tenantId);
  return effectivePolicy(tenant, policyAsked({ subject, handOver }, environment)).selfApproval
    ? allowed
    : refused({
        message: `${caller.person} handed this change over; another SecurityReviewer overrides it.`,
      });
}

/** Also where its own scan passed: one became known later, or passes only for a while. */
const tellOfAdvisories: EventName[] = ["CveOverridden", "VulnerabilityFound"];

/** Undefined where one may hold it. */
function whyNoAdvisory({
  summary,
  environment,
}: Pick<ReleaseAtHand, "summary" | "environment">): string | undefined {
  if (summary?.gates === undefined) return undefined;
  const scan = summary.gates.find(({ gate }) => gate === scanGate.name);
  if (scan === undefined) return `${environment} asks for no scan`;
  return scan.status === "Failed" ? undefined : scan.evidence;
}
