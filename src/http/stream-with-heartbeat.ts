/** A stream of server-sent events that proxies keep open while it is idle, and that ends when its reader goes away. */
import type { Context } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";

const heartbeatMs = 15_000;

/**
 * `write` goes on until it has nothing more to say or the signal is aborted; a slow reader holds it up. `check` is asked at each
 * heartbeat: where it rejects, the stream ends.
 */
export function streamWithHeartbeat(
  context: Context,
  write: (stream: SSEStreamingApi, signal: AbortSignal) => Promise<void>,
  check: () => Promise<unknown> = async () => undefined,
): Response {
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const heart = setInterval(
      () =>
        void check()
          .then(() => stream.write(": still here\n\n"))
          .catch(() => ended.abort()),
      heartbeatMs,
    );
    heart.unref();
    try {
      await write(stream, ended.signal);
    } finally {
      clearInterval(heart);
      ended.abort();
    }
  });
}
