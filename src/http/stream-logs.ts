/** A module's log as a stream (SSE), until whoever follows it goes away. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { OpenLogs } from "../operations/read-logs.ts";

const heartbeatMs = 15_000;

/** A slow reader holds the reading up, and nothing is kept for it. */
export function streamLogs(context: Context, open: OpenLogs): Response {
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const heart = setInterval(
      () => void stream.write(": still here\n\n").catch(() => ended.abort()),
      heartbeatMs,
    );
    heart.unref();
    try {
      for await (const line of open({ follow: true, signal: ended.signal }))
        await stream.writeSSE({ event: "line", data: JSON.stringify(line) });
    } finally {
      clearInterval(heart);
      ended.abort();
    }
  });
}
