/** Sends by the channel that a target names. */
import { rootCertificates } from "node:tls";

import { harmlessLine } from "../../domain/notification/harmless-text.ts";
import { channelOf } from "../../domain/notification/notification-settings.ts";
import { redactValues } from "../../domain/redact-values.ts";
import { RefusalError } from "../../domain/refusal.ts";
import type { Letter, Notifier, Receipt } from "../../ports/notifier.ts";
import type { Delivery } from "./delivery.ts";
import { sendEmail } from "./email/send-email.ts";
import { sendSlack } from "./slack/send-slack.ts";
import { sendTeams } from "./teams/send-teams.ts";
import { sendWebhook } from "./webhook/send-webhook.ts";

const send = { webhook: sendWebhook, slack: sendSlack, teams: sendTeams, email: sendEmail };

export interface NotifierOptions {
  /** Where people reach this installation, without a slash at the end. */
  publicUrl(): string;
  /** False: no tenant may have anything sent to this host or to a private network. */
  privateAllowed: boolean;
  timeoutMs: number;
  /** PEM of authorities that are trusted beside the usual ones. */
  ca?: string | undefined;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { ca: own } = options;
  const ca = own === undefined || own === "" ? undefined : [...rootCertificates, own];
  return {
    async send(letter, signal) {
      const revealed: string[] = [];
      const receipt = await attempt(letter, signal, { ...options, ca, revealed });
      const told = (text: string) => harmlessLine(redactValues(revealed)(text), 300);
      return receipt.status === "sent"
        ? { ...receipt, answer: told(receipt.answer) }
        : { ...receipt, problem: told(receipt.problem) };
    },
  };
}

type Attempt = Omit<NotifierOptions, "ca"> & { ca: string[] | undefined; revealed: string[] };

async function attempt(
  letter: Letter,
  signal: AbortSignal,
  { publicUrl, privateAllowed, timeoutMs, ca, revealed }: Attempt,
): Promise<Receipt> {
  const late = AbortSignal.timeout(timeoutMs);
  const delivery: Delivery = {
    letter,
    async reveal(reference) {
      const value = await letter.reveal(reference);
      revealed.push(value);
      return value;
    },
    post: {
      allowPrivate: letter.allowPrivate && privateAllowed,
      signal: AbortSignal.any([signal, late]),
      ca,
    },
    address: `${publicUrl()}${letter.message.path}`,
  };
  try {
    return await send[channelOf(letter.to)](delivery);
  } catch (error) {
    const problem = late.aborted ? `no answer within ${timeoutMs} ms` : problemOf(error);
    return { status: "failed", problem, final: false, ofTarget: true };
  }
}

function problemOf(error: unknown): string {
  if (error instanceof RefusalError) return error.refusal.message;
  const { message, code } = error as Error & { code?: string };
  return message === "" ? (code ?? "it could not be reached") : message;
}
