/** A release and its delivery, as the parts of an approval's screen look at them. */
import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { Digests } from "../../../domain/event/event-catalogue.ts";
import type { GateLine } from "../../decisions/describe-decision.ts";

/** What the parts of the answer are made from. */
export interface ReleaseAtHand {
  record: DeliveryRecord;
  environment: string;
  releaseId: string;
  version: string;
  /** The whole chain of the delivery. */
  events: DeliveryEvent[];
  /** ReleaseSummary.json, where it was evaluated. */
  summary: Summary | undefined;
  digests: Digests | undefined;
}

export interface Summary {
  gates?: GateLine[];
  policy?: Record<string, unknown>;
}
