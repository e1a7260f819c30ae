/** Whom something waits for, as the event says it: a channel is read by many, and most of them may not act. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { Json } from "../json.ts";

type Fact = [name: string, value: string | undefined];

export function whoMayAct(event: DeliveryEvent): Fact[] {
  const { data } = event;
  switch (eventName(event)) {
    case "ApprovalRequested":
      return decision(data);
    case "EscalationRaised":
      return [["Who may act", listOf(data.who).join(", ") || undefined]];
    default:
      return [];
  }
}

function decision({ asks, open, granted, mayApprove, roles }: DeliveryEvent["data"]): Fact[] {
  const approved = listOf(granted);
  const left = Array.isArray(mayApprove)
    ? listOf(mayApprove).filter((one) => !approved.includes(one))
    : listOf(roles);
  return [
    ["Needs", textOf(asks)],
    ["Approved by", approved.join(", ") || undefined],
    ["Still missing", approved.length === 0 ? undefined : textOf(open)],
    ["Who may decide", left.join(", ") || "nobody yet; a StudioAdmin can give such a role"],
  ];
}

function listOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
