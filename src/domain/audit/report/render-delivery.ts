/** One module of a trace: who handed it over, what changed, and each of its releases. */
import { type DeliveryEvent, eventName } from "../../event/event.ts";
import type { EventName } from "../../event/event-catalogue.ts";
import { type ContentOf, type DeliveryFacts, recordOf, textOf } from "../delivery-facts.ts";
import { type Html, html, table } from "./html.ts";
import { renderRelease } from "./render-release.ts";

export function renderDelivery({ subject, events }: DeliveryFacts, contentOf: ContentOf): Html {
  const releases = [...new Set(events.flatMap((event) => releaseOf(event) ?? []))];
  return html`<section><h2>Module ${subject.moduleId}</h2>
<h3>Handed over</h3>${table(["When", "By whose authority", "What", "Where to"], events.filter(is("ModuleReady")).map(handedOver))}${events.filter(is("ModuleReady")).flatMap(inPlaceOf)}
<h3>What changed</h3>${table(["When", "What", "Details"], events.filter(is(...changes)).map(changed))}
<h3>Evidence</h3>${table(["When", "What", "From", "Of", "Details"], events.filter(is(...evidence)).map(evident))}
${releases.map((releaseId) =>
  renderRelease(
    releaseId,
    events.filter((event) => releaseOf(event) === releaseId),
    contentOf,
  ),
)}
<h3>Everything else that was stated</h3>${table(
    ["Event", "When", "What", "From", "Details"],
    events
      .filter((event) => releaseOf(event) === undefined && !is("ModuleReady", ...changes, ...evidence)(event))
      .map((event) => [event.sequence, event.time, eventName(event), event.source, detailsOf(event)]),
  )}</section>`;
}

const changes = ["CommitReady", "PullRequestCreated", "PullRequestMerged", "ArtifactBuilt"] as const;
const evidence = ["TestsPassed", "TestsFailed", "ScanCompleted", "SmokeTestsReady"] as const;

function is(...names: EventName[]): (event: DeliveryEvent) => boolean {
  return (event) => names.includes(eventName(event));
}

function releaseOf(event: DeliveryEvent): string | undefined {
  return event.releaseid ?? textOf(event, "releaseId");
}

function handedOver(event: DeliveryEvent) {
  const source = recordOf(event, "source") ?? {};
  const { environments } = event.data;
  return [
    event.time,
    textOf(event, "sponsor") ?? "",
    `${source.kind ?? ""} ${source.path ?? source.url ?? ""}\ntree ${source.tree ?? ""}`,
    Array.isArray(environments) ? environments.join(", ") : "",
  ];
}

/** Nothing where it says nothing of that, as in archives from before: verifying makes the page again, byte for byte. */
function inPlaceOf({ data }: DeliveryEvent): Html[] {
  const superseded = (Array.isArray(data.supersedes) ? data.supersedes : []) as Record<string, unknown>[];
  return superseded.map(({ traceId, asked }) => {
    const why = asked === undefined ? "" : `, which was rejected: ${asked}`;
    return html`<p>In place of ${String(traceId)}${why}</p>`;
  });
}

function changed(event: DeliveryEvent) {
  return [event.time, eventName(event), detailsOf(event)];
}

function evident(event: DeliveryEvent) {
  const { commit: _commit, tree: _tree, producer: _producer, ...rest } = event.data;
  const from = textOf(event, "producer") ?? event.source;
  const of = `commit ${textOf(event, "commit") ?? "?"}\ntree ${textOf(event, "tree") ?? "?"}`;
  return [event.time, eventName(event), from, of, linesOf(rest)];
}

function detailsOf({ data }: DeliveryEvent): string {
  return linesOf(data);
}

function linesOf(data: object): string {
  return Object.entries(data)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}
