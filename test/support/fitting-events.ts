/** An event of each name that a type of CDEvents may fit: a sample, but for what a test says of it. */
import { type DeliveryEvent, genesis, sealEvent } from "../../src/domain/event/event.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import { sampleEvent } from "../../src/domain/event/sample-event.ts";
import type { JsonObject } from "../../src/domain/json.ts";

const time = "2026-01-01T10:00:00.000Z";
const subject = { tenantId: "acme", traceId: "trace-2026-01-01-0001", moduleId: "booking" };

/** `more`: in place of what its agent states. Events of the whole delivery have no environment. */
export function fittingEvent(name: EventName, more: JsonObject = {}): DeliveryEvent {
  const { environment, data } = sampleEvent(name, { ...subject, environment: "production", id: "one", time });
  const draft = {
    ...{ name, source: "/agents/deployment-orchestrator", data: { ...data, ...more } },
    ...(environment !== undefined && { environment }),
  };
  return sealEvent(subject, draft, { after: genesis, time });
}
