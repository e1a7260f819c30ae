/** An event on a delivery's chain: CloudEvents 1.0.2 with the scope as extension attributes, sealed by hash. */
import { canonicalJson, sha256Hex } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";
import { type Subject, subjectKey } from "../scope.ts";
import type { EventName } from "./event-catalogue.ts";
import { eventTypePrefix } from "./event-name.ts";

export { eventName } from "./event-name.ts";

export interface DeliveryEvent {
  specversion: "1.0";
  id: string;
  type: string;
  source: string;
  subject: string;
  time: string;
  datacontenttype: "application/json";
  tenantid: string;
  traceid: string;
  moduleid: string;
  environment?: string;
  releaseid?: string;
  editionid?: string;
  agentid?: string;
  skillid?: string;
  invocationid?: string;
  /** 1 for the first event of a delivery, then gapless. */
  sequence: number;
  /** Hex SHA-256 of the event before; 64 zeros before the first. */
  prevhash: string;
  /** Hex SHA-256 over the canonical JSON of this event without this field. */
  hash: string;
  data: JsonObject;
}

/** What somebody states; sequence and hashes are added when it is appended. */
export interface EventDraft {
  /** Together with the chain it identifies the fact: a second one with this id is dropped. Absent: derived from the sequence. */
  id?: string;
  name: EventName;
  source: string;
  environment?: string;
  releaseId?: string;
  editionId?: string;
  agentId?: string;
  skillId?: string;
  invocationId?: string;
  data: JsonObject;
}

export interface ChainHead {
  sequence: number;
  hash: string;
}

export const genesis: ChainHead = { sequence: 0, hash: "0".repeat(64) };

export function sealEvent(
  subject: Subject,
  draft: EventDraft,
  place: { after: ChainHead; time: string },
): DeliveryEvent {
  const sequence = place.after.sequence + 1;
  const key = subjectKey(subject);
  const unsealed = {
    specversion: "1.0" as const,
    id: draft.id ?? `${key}#${sequence}`,
    type: eventTypePrefix + draft.name,
    source: draft.source,
    subject: key,
    time: place.time,
    datacontenttype: "application/json" as const,
    tenantid: subject.tenantId,
    traceid: subject.traceId,
    moduleid: subject.moduleId,
    ...(draft.environment !== undefined && { environment: draft.environment }),
    ...(draft.releaseId !== undefined && { releaseid: draft.releaseId }),
    ...(draft.editionId !== undefined && { editionid: draft.editionId }),
    ...(draft.agentId !== undefined && { agentid: draft.agentId }),
    ...(draft.skillId !== undefined && { skillid: draft.skillId }),
    ...(draft.invocationId !== undefined && { invocationid: draft.invocationId }),
    sequence,
    prevhash: place.after.hash,
    data: draft.data,
  };
  return { ...unsealed, hash: hashOf(unsealed) };
}

export function headOf(event: DeliveryEvent): ChainHead {
  return { sequence: event.sequence, hash: event.hash };
}

export type ChainVerdict =
  | { intact: true; head: ChainHead }
  | { intact: false; sequence: number; problem: string };

/** Verifies order, gaplessness and every hash, offline, from the events alone. */
export function verifyChain(events: DeliveryEvent[], from: ChainHead = genesis): ChainVerdict {
  let head = from;
  for (const event of events) {
    const { hash, ...unsealed } = event;
    if (event.sequence !== head.sequence + 1)
      return broken(event, `expected sequence ${head.sequence + 1}, found ${event.sequence}`);
    if (event.prevhash !== head.hash)
      return broken(event, "does not follow the event before it: prevhash differs");
    if (hashOf(unsealed) !== hash) return broken(event, "was changed after it was sealed: hash differs");
    head = headOf(event);
  }
  return { intact: true, head };
}

function broken(event: DeliveryEvent, problem: string): ChainVerdict {
  return { intact: false, sequence: event.sequence, problem };
}

function hashOf(unsealed: Omit<DeliveryEvent, "hash">): string {
  return sha256Hex(canonicalJson(unsealed));
}
