/** A delivery's events as a stream (SSE). The id of each is its sequence, so a browser comes back where it was. */
import type { Context } from "hono";
import { eventName } from "../domain/event/event.ts";
import { subjectSchema } from "../domain/scope.ts";
import { followDelivery } from "../operations/follow-delivery.ts";
import type { Caller, System } from "../operations/system.ts";
import { streamWithHeartbeat } from "./stream-with-heartbeat.ts";

export function streamEvents(context: Context, system: System, caller: Caller): Response {
  const subject = subjectSchema.parse(context.req.param());
  const last = Number(context.req.header("last-event-id") ?? context.req.query("after") ?? 0);
  const after = Number.isSafeInteger(last) && last > 0 ? last : 0;
  return streamWithHeartbeat(context, async (stream, signal) => {
    for await (const update of followDelivery(system, caller, { subject, after, signal })) {
      if (update.kind === "progress") {
        const { kind, ...line } = update;
        await stream.writeSSE({ event: kind, data: JSON.stringify(line) });
        continue;
      }
      const { event } = update;
      await stream.writeSSE({
        id: String(event.sequence),
        event: eventName(event),
        data: JSON.stringify(event),
      });
    }
  });
}
