/** Events in words on one line of a terminal, harmless and not too long. */
import type { DeliveryEvent } from "../domain/event/event.ts";
import { clauseOf } from "../domain/timeline/event-clause.ts";
import { differencesOf, factText, reasonsOf } from "../domain/timeline/fact-text.ts";
import { plainLine } from "./plain-text.ts";

const longest = 200;

export function factLine(event: DeliveryEvent): string {
  return shortened(plainLine(factText(event)));
}

/** What happened, and why. */
export function toldLine(event: DeliveryEvent): string {
  const { message, reason, comment } = event.data;
  const said = [message, reason, comment].filter((one) => typeof one === "string" && one !== "");
  const why = [...said, ...reasonsOf(event), ...differencesOf(event)].join("  ");
  const what = clauseLine(event);
  return shortened(why === "" ? what : `${what}: ${plainLine(why)}`);
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

export function clauseLine(event: DeliveryEvent): string {
  return plainLine(clauseOf(event));
}
