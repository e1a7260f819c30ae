/** One reason of a verdict, for people. */
import { eventCatalogue } from "../event/event-catalogue.ts";

/** `TestsNotPassed: 2 of 14 failed.`; where the code is an event, a person or a producer said it, and the message tells who. */
export function reasonText(reason: unknown): string {
  if (reason === null || typeof reason !== "object") return String(reason);
  const { code, message } = reason as { code?: unknown; message?: unknown };
  const told = String(message);
  return Object.hasOwn(eventCatalogue, String(code)) ? told : `${String(code)}: ${told}`;
}
