/** One release: its gates with their evidence, who decided, what was deployed and how that went. */
import { type DeliveryEvent, eventName } from "../../event/event.ts";
import { type ContentOf, recordOf, textOf } from "../delivery-facts.ts";
import { signatureOf } from "../vote-signature.ts";
import { type Content, type Html, html, table } from "./html.ts";

export function renderRelease(
  releaseId: string,
  events: readonly DeliveryEvent[],
  contentOf: ContentOf,
): Html {
  const proposed = events.find((event) => eventName(event) === "ReleaseProposed") ?? events[0];
  const version = proposed && textOf(proposed, "version");
  const summary = newestSummary(events, contentOf);
  const votes = events.filter((event) => votesOf.has(eventName(event)));
  const others = events.filter(
    (event) => !votesOf.has(eventName(event)) && eventName(event) !== "ArtifactWritten",
  );
  return html`<h3>Release ${releaseId}${version === undefined ? "" : `, version ${version}`}${proposed?.environment === undefined ? "" : `, to ${proposed.environment}`}</h3>
<h4>Gates${summary === undefined ? "" : ` (verdict: ${String(summary.verdict)})`}</h4>${table(["Gate", "Answer", "Evidence or reason"], gatesOf(summary))}
<h4>Approvals</h4>${table(["When", "Who", "Decision", "By which way", "Reason given", "Signature", "For which bytes"], votes.map(vote))}
<h4>What was decided and done</h4>${table(["Event", "When", "What", "From", "Details"], others.map(act))}`;
}

const votesOf: ReadonlySet<string> = new Set(["ApprovalGranted", "ApprovalRefused"]);

function newestSummary(
  events: readonly DeliveryEvent[],
  contentOf: ContentOf,
): Record<string, unknown> | undefined {
  const written = events.findLast(({ data }) => data.name === "ReleaseSummary.json");
  const content = written && contentOf(written);
  if (content === undefined) return undefined;
  try {
    const summary: unknown = JSON.parse(content);
    return typeof summary === "object" && summary !== null ? (summary as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function gatesOf(summary: Record<string, unknown> | undefined): Content[][] {
  if (!Array.isArray(summary?.gates)) return [];
  return summary.gates.map((gate) => [
    String(gate?.gate ?? ""),
    String(gate?.status ?? ""),
    [gate?.evidence, gate?.refusal?.code, gate?.refusal?.message, gate?.until && `until ${gate.until}`]
      .filter((part) => part)
      .map(String)
      .join("\n"),
  ]);
}

function vote(event: DeliveryEvent): Content[] {
  const digests = Object.entries(recordOf(event, "digests") ?? {});
  const behalf = textOf(event, "onBehalfOf");
  return [
    event.time,
    (textOf(event, "by") ?? "") + (behalf === undefined ? "" : ` in place of ${behalf}`),
    eventName(event) === "ApprovalGranted" ? "approved" : "refused",
    textOf(event, "method"),
    textOf(event, "comment"),
    signatureOf(event).label,
    digests.map(([name, digest]) => html`${name} <code>${String(digest)}</code><br>`),
  ];
}

function act(event: DeliveryEvent): Content[] {
  const { reasons, digests: _digests, releaseId: _releaseId, ...data } = event.data;
  const told = Array.isArray(reasons) ? reasons.map((reason) => reasonOf(reason)) : [];
  const rest = Object.entries(data).map(
    ([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [event.sequence, event.time, eventName(event), event.source, [...told, ...rest].join("\n")];
}

function reasonOf(reason: unknown): string {
  if (typeof reason !== "object" || reason === null) return String(reason);
  const { code, message } = reason as { code?: unknown; message?: unknown };
  return `${code ?? ""}: ${message ?? ""}`;
}
