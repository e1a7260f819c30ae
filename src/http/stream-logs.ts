/** A module's log as a stream (SSE), until whoever follows it goes away. */
import type { Context } from "hono";
import type { OpenLogs } from "../operations/read-logs.ts";
import { streamWithHeartbeat } from "./stream-with-heartbeat.ts";

/** A slow reader holds the reading up, and nothing is kept for it. */
export function streamLogs(context: Context, open: OpenLogs): Response {
  return streamWithHeartbeat(context, async (stream, signal) => {
    for await (const line of open({ follow: true, signal }))
      await stream.writeSSE({ event: "line", data: JSON.stringify(line) });
  });
}
