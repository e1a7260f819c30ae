/** One delivery's events, a line each: the chain is verified as it streams by, and only what is needed is kept. */
import { type ChainHead, type DeliveryEvent, eventName, genesis, verifyChain } from "../../event/event.ts";
import { type Subject, subjectKey } from "../../scope.ts";
import { eventsName } from "../archive.ts";
import { type DeliveryFacts, isFact } from "../delivery-facts.ts";
import type { ArchiveReader } from "./archive-reader.ts";
import { Misfit } from "./misfit.ts";
import { parseJson } from "./read-document.ts";

export interface ReadDelivery extends DeliveryFacts {
  head: ChainHead;
  /** The events that tell of an artifact. */
  written: DeliveryEvent[];
}

export async function readEvents(archive: ArchiveReader, subject: Subject): Promise<ReadDelivery> {
  const name = eventsName(subject.moduleId);
  const delivery: ReadDelivery = { subject, head: genesis, events: [], written: [] };
  for await (const line of archive.lines(name)) {
    const sequence = delivery.head.sequence + 1;
    const where = `${name}, event ${sequence}`;
    const event = parseJson(where, line) as DeliveryEvent;
    delivery.head = checkEvent(where, event, { subject, after: delivery.head });
    if (eventName(event) === "ArtifactWritten") delivery.written.push(event);
    if (isFact(event)) delivery.events.push(event);
  }
  return delivery;
}

function checkEvent(
  where: string,
  event: DeliveryEvent,
  place: { subject: Subject; after: ChainHead },
): ChainHead {
  if (typeof event !== "object" || event === null || typeof event.type !== "string" || !isData(event.data))
    throw new Misfit(where, "is no event");
  if (event.subject !== subjectKey(place.subject))
    throw new Misfit(where, `belongs to ${event.subject} and not to ${subjectKey(place.subject)}`);
  const verdict = verifyChain([event], place.after);
  if (!verdict.intact) throw new Misfit(where, verdict.problem);
  return verdict.head;
}

function isData(data: unknown): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
