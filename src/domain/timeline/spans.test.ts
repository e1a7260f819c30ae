import { expect, test } from "vitest";
import type { DeliveryEvent } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import { eventTypePrefix } from "../event/event-name.ts";
import type { JsonObject } from "../json.ts";
import { spansOf } from "./spans.ts";

const subject = { tenantId: "acme", traceId: "trace-1", moduleId: "orders" };
const second = (sequence: number) => new Date(Date.UTC(2025, 4, 23, 10, 0, sequence)).toISOString();

/** Events that happened a second after each other. */
function chain(...told: [EventName, JsonObject][]): DeliveryEvent[] {
  return told.map(
    ([name, data], index) =>
      ({
        id: `event-${index + 1}`,
        sequence: index + 1,
        type: `${eventTypePrefix}${name}`,
        time: second(index + 1),
        data,
      }) as unknown as DeliveryEvent,
  );
}

const invoked = (invocationId: string): [EventName, JsonObject] => [
  "AgentInvoked",
  { invocationId, agentId: "release-manager", skillId: "EvaluateRelease", fsmState: "release.evaluating" },
];
const ended = (invocationId: string, more: JsonObject): [EventName, JsonObject] => [
  "AgentCompleted",
  { invocationId, attempt: 1, durationMs: 500, ...more },
];

const outcomesOf = (events: DeliveryEvent[]) =>
  spansOf(subject, events, { now: second(60), over: false })
    .slice(1)
    .map(({ outcome, startedAt, endedAt }) => [outcome, startedAt, endedAt]);

test("an evaluation that waited, and that a vote woke, ran once each time and lost nothing", () => {
  const events = chain(
    invoked("one"),
    ended("one", { outcome: "Delayed", retryAt: second(50) }),
    invoked("two"),
    ended("two", { outcome: "Success" }),
  );
  expect(outcomesOf(events)).toEqual([
    ["delayed", "2025-05-23T10:00:01.500Z", second(2)],
    ["success", "2025-05-23T10:00:03.500Z", second(4)],
  ]);
});

test("what waits for its next attempt waits", () => {
  const events = chain(invoked("one"), ended("one", { outcome: "Delayed", retryAt: second(30) }));
  expect(outcomesOf(events).at(-1)).toEqual(["waiting", second(30), undefined]);
});

test("what ran when its flow left it is lost with the time that it took", () => {
  const events = chain(invoked("one"), ["DeliveryCancelled", {}]);
  expect(outcomesOf(events)).toEqual([["lost", second(1), second(2)]]);
});
