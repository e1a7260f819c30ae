/**
 * A tenant's events as a stream (SSE). The id of each is its position, so a browser comes back where it was. Events have no
 * name of their own here: `reset` is one that says that the place is not known any more, and that lists are read again.
 */
import type { Context } from "hono";
import {
  followStream,
  positionForm,
  readStreamInput,
  type StreamItem,
} from "../operations/stream/read-stream.ts";
import type { Caller, System } from "../operations/system.ts";
import { streamWithHeartbeat } from "./stream-with-heartbeat.ts";

type FeedEvent = Extract<StreamItem, { kind: "event" }>["event"];

const comeBackMs = 1_000;
/** Hundreds of followers are told the same: it is put into words once. */
const texts = new WeakMap<FeedEvent, string>();

/**
 * `check`: rejects when the caller may not see it any more; the stream ends then. It is answered when it is followed: what
 * happens once a client knows that the stream is open is told to it.
 */
export async function streamTenant(
  context: Context,
  { system, caller, check }: { system: System; caller: Caller; check(): Promise<unknown> },
): Promise<Response> {
  const { moduleId, environment, name, after } = readStreamInput.parse(context.req.query());
  const given = context.req.header("last-event-id") ?? "";
  const last = positionForm.test(given) ? given : after;
  const ended = new AbortController();
  const wanted = { moduleId, environment, name, after: last, signal: ended.signal };
  const items = followStream(system, caller, wanted);
  const first = await items.next();
  return streamWithHeartbeat(
    context,
    async (stream, signal) => {
      signal.addEventListener("abort", () => ended.abort());
      if (signal.aborted) ended.abort();
      try {
        await stream.write(`retry: ${comeBackMs}\n\n`);
        for (let next = first; next.done !== true; next = await items.next()) {
          if (next.value.some(({ kind }) => kind === "behind")) return;
          await stream.write(next.value.map(textOf).join(""));
        }
      } finally {
        ended.abort();
        await items.return(undefined);
      }
    },
    check,
  );
}

function textOf(item: StreamItem): string {
  if (item.kind === "event") return textOfEvent(item.event);
  // An id without data tells nobody anything, and is where a browser goes on.
  if (item.kind === "reached") return `id: ${item.position}\n\n`;
  return item.kind === "reset" ? `event: reset\nid: ${item.position}\ndata: {}\n\n` : "";
}

function textOfEvent(event: FeedEvent): string {
  const text = texts.get(event) ?? `id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`;
  texts.set(event, text);
  return text;
}
