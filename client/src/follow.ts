/** Server-sent events as an async iterator that comes back where it was. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { problemIn, Refusal } from "./refusal.ts";
import type { paths } from "./schema.d.ts";

interface Streamed<Event> {
  get: { responses: { 200: { content: { "text/event-stream": Event } } } };
}

/** Paths that can be followed. */
export type StreamPath = {
  [Path in keyof paths]: paths[Path] extends Streamed<unknown> ? Path : never;
}[keyof paths];

/** One event of a stream, by its path. */
export type StreamEvent<Path extends StreamPath> = paths[Path] extends Streamed<infer Event> ? Event : never;

type ParametersOf<Path extends StreamPath> = Omit<paths[Path]["get"]["parameters"], "header" | "cookie">;

export interface FollowOptions<Path extends StreamPath> {
  params: ParametersOf<Path>;
  /** Ends it without an error. */
  signal?: AbortSignal;
  /** The id of the last event that is known: what comes after it follows without a gap. */
  lastEventId?: string;
  /** Told each time that the connection was lost, before it is made again; it may throw to give up. */
  onLost?(reason: Error): void;
}

/**
 * Where the server counts its events it comes back after the last one when the connection is lost, for as long as it is
 * read; a stream without ids ends with its connection. Throws a `Refusal` where the server refuses, and what `fetch`
 * throws where the server was never reached.
 */
export type Follow = <Path extends StreamPath>(
  path: Path,
  options: FollowOptions<Path>,
) => AsyncGenerator<StreamEvent<Path>, void, undefined>;

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/** Where a reader is. */
interface Position {
  id: string | undefined;
  /** What the server asks to be waited before the next connection. */
  retryMs: number | undefined;
}

type Get = (path: string, init: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

export function followWith(get: Get): Follow {
  return async function* follow(path, { params, signal, lastEventId, onLost }) {
    const at: Position = { id: lastEventId, retryMs: undefined };
    const isOver = () => signal?.aborted === true;
    let connected = false;
    for (let lost = 0; !isOver(); lost += 1) {
      try {
        const body = await open(get, path, { params, signal, lastEventId: at.id });
        connected = true;
        for await (const event of eventsOf(body, at)) {
          lost = 0;
          yield event as StreamEvent<typeof path>;
        }
        if (at.id === undefined || isOver()) return;
        onLost?.(new Error("The server ended the stream."));
      } catch (error) {
        if (isOver()) return;
        if (!connected || at.id === undefined || !mayPass(error)) throw error;
        onLost?.(error);
      }
      await pause(at.retryMs ?? Math.min(firstWaitMs * 2 ** lost, longestWaitMs), signal);
    }
  };
}

async function open(
  get: Get,
  path: string,
  {
    params,
    signal,
    lastEventId,
  }: { params: object; signal: AbortSignal | undefined; lastEventId: string | undefined },
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { data, error, response } = await get(path, {
    params,
    parseAs: "stream",
    headers: {
      accept: "text/event-stream",
      ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
    },
    ...(signal !== undefined && { signal }),
  });
  if (!response.ok) throw new Refusal(problemIn(error, response));
  return data as ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Leaves in `at` what a next connection begins with. Whoever stops reading closes the connection. */
async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>, at: Position) {
  const parser = new EventSourceParserStream({ onRetry: (retryMs) => (at.retryMs = retryMs) });
  const reader = body.pipeThrough(new TextDecoderStream()).pipeThrough(parser).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const { event = "message", id, data } = value;
      if (id !== undefined) at.id = id;
      yield { event, ...(id !== undefined && { id }), data: JSON.parse(data) as unknown };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** `fetch` throws a TypeError for a connection that was lost or could not be made. */
function mayPass(error: unknown): error is Error {
  if (error instanceof Refusal) return error.status >= 500 || error.status === 429;
  return error instanceof TypeError;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
