/** One reason of a verdict, for people. */
import { eventCatalogue } from "../event/event-catalogue.ts";
import { refusalEffects } from "../refusal.ts";

/** `TestsNotPassed: 2 of 14 failed.`; where the code is an event and no refusal, a person or a producer said it, and the message tells who. */
export function reasonText(reason: unknown): string {
  if (reason === null || typeof reason !== "object") return String(reason);
  const { code, message } = reason as { code?: unknown; message?: unknown };
  const told = String(message);
  const isEvent = Object.hasOwn(eventCatalogue, String(code)) && !Object.hasOwn(refusalEffects, String(code));
  return isEvent ? told : `${String(code)}: ${told}`;
}
