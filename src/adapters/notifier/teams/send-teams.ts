/** Microsoft Teams by the webhook of a workflow ("When a Teams webhook request is received"). */
import type { Receipt } from "../../../ports/notifier.ts";
import { chatAddress, type Delivery } from "../delivery.ts";
import { postJson } from "../post-json.ts";
import { teamsBody } from "./teams-body.ts";

export async function sendTeams(delivery: Delivery): Promise<Receipt> {
  const { letter, address, post } = delivery;
  const url = await chatAddress(delivery, "teams");
  const headers = { "content-type": "application/json; charset=utf-8" };
  return await postJson({ url, headers, body: JSON.stringify(teamsBody(letter.message, address)) }, post);
}
