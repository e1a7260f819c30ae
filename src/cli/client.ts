/** A thin HTTP client of the server. A refusal comes back as the refusal that it is. */
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { RefusalError, refuse } from "../domain/refusal.ts";
import type { ServerAddress } from "./cli.ts";
import { plainAnswer } from "./plain-text.ts";

export interface Client {
  /** Of the server. */
  readonly url: string;
  get<Answer>(path: string, query?: Record<string, string | undefined>): Promise<Answer>;
  /** The bytes of an answer that is no JSON, as they come. */
  download(path: string): Promise<Readable>;
  send<Answer>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<Answer>;
  /** Posts, and reads the answer as server-sent events; aborting ends what was asked for. */
  streamOf(path: string, body: object, signal: AbortSignal): AsyncGenerator<StreamedEvent>;
  /** Server-sent events after the given id; ends when the server ends it or the signal is aborted. */
  stream(path: string, after: number, signal: AbortSignal): AsyncGenerator<StreamedEvent>;
}

export interface StreamedEvent {
  event: string;
  id: number | undefined;
  data: unknown;
}

/** `asWritten`: for machines and files. Otherwise what others wrote is made harmless for a terminal. */
export function createClient(
  { url, token, tenantId }: ServerAddress,
  { asWritten = false }: { asWritten?: boolean } = {},
): Client {
  const read = <Answer>(answer: unknown): Answer => (asWritten ? answer : plainAnswer(answer)) as Answer;

  const headers = {
    authorization: `Bearer ${token}`,
    "x-connectsoft-client": "cli",
    ...(tenantId !== undefined && { "x-connectsoft-tenant": tenantId }),
  };

  async function request(path: string, init: RequestInit): Promise<Response> {
    requireNames(path);
    const response = await fetch(`${url}/api/v1${path}`, init).catch((error: Error) => {
      if (init.signal?.aborted === true) throw error;
      throw refuse(
        "Unavailable",
        `The server at ${url} does not answer.`,
        "Start it: connectsoft serve. Look at this machine: connectsoft doctor.",
      );
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  return {
    url,
    async get<Answer>(path: string, query: Record<string, string | undefined> = {}) {
      const entries = Object.entries(query).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const search = entries.length === 0 ? "" : `?${new URLSearchParams(entries)}`;
      return read<Answer>(await (await request(path + search, { headers })).json());
    },
    async download(path) {
      const { body } = await request(path, { headers });
      return Readable.fromWeb((body ?? new Blob([]).stream()) as WebStream);
    },
    async send<Answer>(method: "POST" | "PUT" | "DELETE", path: string, body?: object) {
      const content = { "content-type": "application/json" };
      const response = await request(path, {
        method,
        headers: { ...headers, ...content },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return read<Answer>(await response.json());
    },
    async *stream(path, after, signal) {
      const response = await request(path, {
        headers: { ...headers, accept: "text/event-stream", "last-event-id": String(after) },
        signal,
      });
      yield* eventsIn(response, read);
    },
    async *streamOf(path, body, signal) {
      const response = await request(path, {
        method: "POST",
        headers: { ...headers, accept: "text/event-stream", "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
      yield* eventsIn(response, read);
    },
  };
}

/** An empty name would be another address, of which the server knows nothing. */
function requireNames(path: string): void {
  const [place = ""] = path.split("?");
  if (!/\/(?:\/|$)/.test(place)) return;
  throw refuse(
    "InputInvalid",
    "A name that was given is empty: expected the id of a trace, a release or what else the command takes.",
    "See what there is: connectsoft status; what waits: studio pending",
  );
}

async function* eventsIn(
  { body }: Response,
  read: (data: unknown) => unknown,
): AsyncGenerator<StreamedEvent> {
  if (body === null) return;
  const { EventSourceParserStream } = await import("eventsource-parser/stream");
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event = "message", id, data } of events)
    yield { event, id: id === undefined ? undefined : Number(id), data: read(JSON.parse(data)) };
}

async function refusalOf(response: Response): Promise<Error> {
  const problem = plainAnswer(await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    next?: string;
  };
  const { code = `HTTP ${response.status}`, detail = response.statusText, next } = problem;
  if (code === "Unexpected") return new Error(`${detail} ${next ?? ""}`);
  const refusal = { code, message: detail, ...(next !== undefined && { next }) };
  return new RefusalError(refusal as RefusalError["refusal"]);
}
