import type { ProducerKind } from "../evidence/weigh-tests.ts";

/** How long a release waits for what others may still hand in. */
export interface EvidenceWait {
  /** ISO 8601. */
  until: string;
  /** Who may still hand it in, by kind. */
  producers: Partial<Record<ProducerKind, string[]>>;
}
