/** An event of ours as a CDEvent, with our own beside it as custom data. */
import type { DeliveryEvent } from "../event/event.ts";
import { isSample } from "../event/sample-event.ts";
import type { JsonObject } from "../json.ts";
import { type CdEvent, cdEventsVersion, typeOf } from "./cd-event.ts";
import { fitsOf } from "./fitting.ts";

export interface CdEventOptions {
  /** Types of the draft of 0.6, too. */
  drafts: boolean;
  /** Where people see the delivery: an absolute address. */
  address: string;
}

/** None where no type fits. The same event makes the same ones, each under an id that is its own everywhere. */
export function toCdEvents(event: DeliveryEvent, options: CdEventOptions): CdEvent[] {
  const { type, data, sequence, hash } = event;
  return fitsOf(event, options).map((fit, _index, { length }) => ({
    context: {
      specversion: cdEventsVersion,
      id: [event.subject, sequence, ...(length > 1 ? [fit.subject.id] : [])].join("/"),
      source: event.source,
      type: typeOf(fit.type),
      timestamp: event.time,
      chainId: event.traceid,
    },
    subject: fit.subject,
    customData: { type, sequence, hash, data, ...(isSample(event) && { sample: true }) },
    customDataContentType: "application/json",
  }));
}

/** For a receiver that wants to know whether it is reached: a custom event, of which nothing is to be thought. */
export function testCdEvent({ id, time, source, data }: JsonObject): CdEvent {
  return {
    context: {
      ...{ specversion: cdEventsVersion, id: String(id), source: String(source) },
      type: "dev.cdeventsx.connectsoft-subscription.tested.0.1.0",
      timestamp: String(time),
    },
    subject: { id: String(id), content: {} },
    customData: (data ?? {}) as JsonObject,
    customDataContentType: "application/json",
  };
}

/** As CDEvents' binding to CloudEvents has it. */
export function asCloudEvent({ context, subject, ...custom }: CdEvent): JsonObject {
  return {
    specversion: "1.0",
    id: context.id,
    source: context.source,
    type: context.type,
    subject: subject.id,
    time: context.timestamp,
    datacontenttype: "application/json",
    data: { context, subject, ...custom } as unknown as JsonObject,
  };
}
