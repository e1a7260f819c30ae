/** A CloudEvent 1.0.2, signed by Standard Webhooks: https://www.standardwebhooks.com */
import { Webhook } from "standardwebhooks";
import { cdEventsVersion } from "../../../domain/cdevents/cd-event.ts";
import type { Receipt } from "../../../ports/notifier.ts";
import type { Delivery } from "../delivery.ts";
import { postJson } from "../post-json.ts";
import { Unreachable } from "../reachable-addresses.ts";
import { carried } from "./cloud-event-over-http.ts";

export async function sendWebhook({ letter, reveal, post, address }: Delivery): Promise<Receipt> {
  const { webhook } = letter.to;
  if (webhook === undefined) throw new Unreachable("it names no webhook");
  const references = [webhook.secret, webhook.previousSecret].filter((one) => one !== undefined);
  const keys = await Promise.all(references.map(async (one) => keyOf(one.secret, await reveal(one))));
  const letters = carried(letter.message.event, { ...webhook, address });
  if (letters.length === 0) return unfit();
  const now = new Date();
  const sent = letters.map(({ body, headers }, index) => {
    const id = letters.length > 1 ? `${letter.message.id}-${index + 1}` : letter.message.id;
    const signed = {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": keys.map((key) => key.sign(id, now, body)).join(" "),
    };
    return postJson({ url: webhook.url, body, headers: { ...headers, ...signed } }, post);
  });
  return together(await Promise.all(sent));
}

/** Of several that say one event: sent where all are. What can still be taken is tried again, with the others. */
function together(receipts: Receipt[]): Receipt {
  const failed = receipts.filter((receipt) => receipt.status === "failed");
  const [first] = [...failed.filter(({ final }) => !final), ...failed, ...receipts];
  if (first === undefined) throw new Unreachable("there was nothing to send");
  return first;
}

/** The scheme asks for 24 to 64 random bytes. */
function keyOf(name: string, value: string): Webhook {
  const encoded = value.trim().replace(/^whsec_/, "");
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? Buffer.from(encoded, "base64").length : 0;
  if (bytes < 24 || bytes > 64)
    throw new Unreachable(
      `the secret ${name} is no key for signing: expected whsec_ and 24 to 64 bytes in base64`,
    );
  return new Webhook(encoded);
}

function unfit(): Receipt {
  const problem = `nothing is sent: no type of CDEvents ${cdEventsVersion} fits this event`;
  return { status: "failed", problem, final: true, unfit: true };
}
