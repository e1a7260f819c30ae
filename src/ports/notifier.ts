/**
 * Carries one message to one target, once. What comes back says whether it arrived; a repetition has the same id.
 * Never throws for what a receiver does, never follows a redirect, and ends within its time.
 */
import type { Message } from "../domain/notification/message.ts";
import type { Destination, NotificationSecret } from "../domain/notification/notification-settings.ts";

export interface Letter {
  to: Destination;
  /** Whether an address of a private network or of this host will do. */
  allowPrivate: boolean;
  message: Message;
  /** The value of a secret of the target's tenant. Refuses with SecretsMissing. */
  reveal(reference: NotificationSecret): Promise<string>;
}

export type Receipt =
  | { status: "sent"; answer: string }
  | {
      status: "failed";
      /** One line, without secrets. */
      problem: string;
      /** The same message will not be taken later either. */
      final: boolean;
      retryAfterMs?: number;
      /** Nothing was sent, and nothing is amiss: the target's format has no words for it. */
      unfit?: boolean;
      /** Any other message would fare the same now. */
      ofTarget?: boolean;
    };

export interface Notifier {
  send(letter: Letter, signal: AbortSignal): Promise<Receipt>;
}
