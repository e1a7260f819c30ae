/** Slack by an incoming webhook. */
import type { Receipt } from "../../../ports/notifier.ts";
import { chatAddress, type Delivery } from "../delivery.ts";
import { postJson } from "../post-json.ts";
import { slackBody } from "./slack-body.ts";

export async function sendSlack(delivery: Delivery): Promise<Receipt> {
  const { letter, address, post } = delivery;
  const url = await chatAddress(delivery, "slack");
  const headers = { "content-type": "application/json; charset=utf-8" };
  return await postJson({ url, headers, body: JSON.stringify(slackBody(letter.message, address)) }, post);
}
