/** Whose signature a vote carries, in the words that every report uses for it. */
import type { DeliveryEvent } from "../event/event.ts";
import { recordOf, textOf } from "./delivery-facts.ts";

export interface VoteLabel {
  by: "server" | "own-key" | "nobody";
  label: string;
}

export function signatureOf(event: DeliveryEvent): VoteLabel {
  const person = textOf(event, "by") ?? "somebody";
  const signature = recordOf(event, "signature");
  const keyId = String(signature?.keyId ?? "");
  switch (signature?.by) {
    case "own-key":
      return { by: "own-key", label: `signed by ${person} with the key ${keyId}` };
    case "server":
      return { by: "server", label: `signed by the server on behalf of ${person}` };
    default:
      return { by: "nobody", label: `not signed; recorded by the server for ${person}` };
  }
}
