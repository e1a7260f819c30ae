/** Releases that wait for people, as their chain and the tenant stand now: who may vote, and which votes count. */
import type { DeliveryRecord } from "../../domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import type { Digests, EventName } from "../../domain/event/event-catalogue.ts";
import { authorsOf, sponsorsOf } from "../../domain/release/authors.ts";
import { effectivePolicy, policyAsked } from "../../domain/release/effective-policy.ts";
import { expedited, hotfixEvents, hotfixOf } from "../../domain/release/hotfix.ts";
import { countQuorum, type Quorum } from "../../domain/release/quorum.ts";
import type { Electorate } from "../../domain/release/voters.ts";
import { voteEvents, votesOn } from "../../domain/release/votes-on-release.ts";
import type { Subject } from "../../domain/scope.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import type { System } from "../system.ts";

export interface OpenRelease {
  place: { subject: Subject; environment: string; releaseId: string };
  /** The newest request for approval: what people are shown. */
  request: DeliveryEvent;
  digests: Digests;
  /** When it was asked for first, ISO 8601. */
  askedAt: string;
  electorate: Electorate;
  quorum: Quorum;
  escalations: { at: string; to: string[]; step?: number; by?: string; reason?: string }[];
  comments: { at: string; by: string; comment: string }[];
}

const wanted: EventName[] = [
  "ApprovalRequested",
  "EscalationRaised",
  "PullRequestMerged",
  "ReleaseCommented",
  ...voteEvents,
  ...hotfixEvents,
];

export async function openReleases(system: System, subject: Subject): Promise<OpenRelease[]> {
  const record = await system.store.load(subject);
  return record === undefined ? [] : openReleasesOf(system, record);
}

/** `chain`: the whole of it, where it is at hand. */
export async function openReleasesOf(
  system: System,
  record: DeliveryRecord,
  chain?: readonly DeliveryEvent[],
): Promise<OpenRelease[]> {
  const { subject, handOver } = record;
  if (handOver === undefined) return [];
  // What a cancelled or superseded delivery waited for is asked of nobody any more.
  const waiting = Object.values(record.state.instances).filter(
    ({ halted, snapshot }) => !halted && snapshot.value === "awaiting_approval",
  );
  if (waiting.length === 0) return [];
  const [tenant, events, delegations, serverKeys] = await Promise.all([
    peopledTenant(system, subject.tenantId),
    chain?.filter((event) => wanted.includes(eventName(event))) ??
      system.store.events(subject, { names: wanted }),
    system.delegations.list(subject.tenantId),
    system.signer.keys(subject.tenantId),
  ]);
  const told = events.map((event) => ({ ...event, name: eventName(event), event }));
  const merged = told.findLast(({ name }) => name === "PullRequestMerged");
  const authors = authorsOf(tenant, merged?.data);
  const now = system.clock.now().toISOString();
  return waiting.flatMap(({ environment, releaseId }) => {
    if (environment === undefined || releaseId === undefined) return [];
    const own = told.filter(({ data }) => data.releaseId === releaseId);
    const requests = own.filter(({ name }) => name === "ApprovalRequested");
    const [first, request] = [requests[0], requests.at(-1)];
    if (first === undefined || request === undefined) return [];
    const place = { subject: record.subject, environment, releaseId };
    const usual = effectivePolicy(tenant, policyAsked({ subject: record.subject, handOver }, environment));
    const policy = expedited(usual, hotfixOf(told, { releaseId, environment }), sponsorsOf(handOver));
    const { sponsor, formerSponsors = [] } = handOver;
    const electorate = { tenant, policy, sponsor, formerSponsors, authors, delegations, now };
    const digests = request.data.digests as unknown as Digests;
    const { votes } = votesOn(place, own, { tenant, serverKeys });
    return [
      {
        place,
        request: request.event,
        digests,
        askedAt: first.time,
        electorate,
        quorum: countQuorum({ ...electorate, digests }, votes),
        escalations: own.filter(({ name }) => name === "EscalationRaised").map(escalationOf),
        comments: own
          .filter(({ name }) => name === "ReleaseCommented")
          .map(({ time, data }) => ({ at: time, by: String(data.by), comment: String(data.comment) })),
      },
    ];
  });
}

function escalationOf({ time, data }: { time: string; data: DeliveryEvent["data"] }) {
  const { who, step, by, reason } = data;
  return {
    at: time,
    to: Array.isArray(who) ? who.map(String) : [],
    ...(typeof step === "number" && { step }),
    ...(typeof by === "string" && { by }),
    ...(typeof reason === "string" && { reason }),
  };
}
