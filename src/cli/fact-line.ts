/** Events in words on one line of a terminal, harmless and not too long. */
import type { DeliveryEvent } from "../domain/event/event.ts";
import { clauseOf } from "../domain/timeline/event-clause.ts";
import { factText } from "../domain/timeline/fact-text.ts";
import { plainLine } from "./plain-text.ts";

const longest = 160;

export function factLine(event: DeliveryEvent): string {
  const text = plainLine(factText(event));
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

export function clauseLine(event: DeliveryEvent): string {
  return plainLine(clauseOf(event));
}
