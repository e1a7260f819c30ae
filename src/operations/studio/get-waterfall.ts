/** The spans of a delivery, as a waterfall: what ran when, how often it was tried, and for how long people were waited for. */
import { isOver } from "../../domain/delivery/delivery-state.ts";
import type { Subject } from "../../domain/scope.ts";
import { deliveryIds } from "../../domain/timeline/span-ids.ts";
import { type DeliverySpan, spansOf } from "../../domain/timeline/spans.ts";
import { findDelivery } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";

export interface Waterfall {
  subject: Subject;
  /** 16 bytes in hex: the trace that is exported over OpenTelemetry. */
  traceId: string;
  /** The delivery's own first, then by their begin; `parentId` nests them. */
  spans: DeliverySpan[];
}

export async function getWaterfall(system: System, caller: Caller, subject: Subject): Promise<Waterfall> {
  const record = await findDelivery(system, caller, subject);
  const events = await system.store.events(subject);
  const now = system.clock.now().toISOString();
  const { traceId } = deliveryIds(record.subject);
  return {
    subject: record.subject,
    traceId,
    spans: spansOf(record.subject, events, { now, over: isOver(record.state.phase) }),
  };
}
