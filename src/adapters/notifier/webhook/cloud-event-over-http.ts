/** How HTTP carries a CloudEvent: its HTTP binding 1.0.2, in structured or binary mode. */
import type { CdEvent } from "../../../domain/cdevents/cd-event.ts";
import {
  asCloudEvent,
  type CdEventOptions,
  testCdEvent,
  toCdEvents,
} from "../../../domain/cdevents/to-cd-event.ts";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { WebhookFormat } from "../../../domain/notification/notification-settings.ts";

export interface Carried {
  body: string;
  headers: Record<string, string>;
}

export interface Carrying {
  format: WebhookFormat;
  cdevents?: { drafts: boolean } | undefined;
  /** Where people see what it is about. */
  address: string;
}

/** None where the format has nothing that says the same; several where it says of each thing by itself what happened to it. */
export function carried(event: JsonObject, { format, cdevents, address }: Carrying): Carried[] {
  switch (format) {
    case "structured":
      return [inBody(event)];
    case "binary":
      return [inHeaders(event)];
    case "cdevents":
      return cdEventsOf(event, { drafts: cdevents?.drafts === true, address }).map((said) =>
        inBody(asCloudEvent(said)),
      );
  }
}

function cdEventsOf(event: JsonObject, options: CdEventOptions): CdEvent[] {
  // Only what is on a chain has a place on it.
  if (typeof event.sequence !== "number") return [testCdEvent(event)];
  return toCdEvents(event as unknown as DeliveryEvent, options);
}

function inBody(event: JsonObject): Carried {
  const headers = { "content-type": "application/cloudevents+json; charset=utf-8" };
  return { body: JSON.stringify(event), headers };
}

function inHeaders({ data, datacontenttype, ...attributes }: JsonObject): Carried {
  const named = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encoded(String(value))]);
  return {
    body: JSON.stringify(data ?? {}),
    headers: {
      ...Object.fromEntries(named),
      "content-type": `${String(datacontenttype ?? "application/json")}; charset=utf-8`,
    },
  };
}

/** Space, quotes, percent signs and what is not printable ASCII, by the bytes of UTF-8 (3.1.3.2). */
function encoded(value: string): string {
  return value.replaceAll(/[^\x21\x23\x24\x26-\x7e]/gu, (one) =>
    [...Buffer.from(one)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}
