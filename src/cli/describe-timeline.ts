/** What happened to a delivery, in the words that Studio has for it: one line an event. */
import type { DeliveryEvent } from "../domain/event/event.ts";
import { eventName } from "../domain/event/event-name.ts";
import { actorOf } from "../domain/timeline/tell-event.ts";
import type { Cli } from "./cli.ts";
import { toldLine } from "./fact-line.ts";
import { table } from "./table.ts";

const details: ReadonlySet<string> = new Set(["AgentInvoked", "ArtifactWritten", "FlowStarted"]);

export function describeTimeline(
  { colors: { dim, yellow } }: Cli,
  events: readonly DeliveryEvent[],
  all: boolean,
): string[] {
  const regulated = new Set(
    events.flatMap(({ data, environment }) => (data.compliance === undefined ? [] : [environment])),
  );
  const label = ({ environment }: DeliveryEvent) => (regulated.has(environment) ? yellow("compliance") : "");
  const rows = events
    .filter((event) => all || !details.has(eventName(event)))
    .map((event) => [
      dim(String(event.sequence).padStart(4)),
      dim(event.time.slice(11, 23)),
      event.environment ?? "",
      eventName(event),
      ...(regulated.size > 0 ? [label(event)] : []),
      dim(actorOf(event).name),
      toldLine(event),
    ]);
  return table(rows);
}
