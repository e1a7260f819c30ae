/** The supervisor's control interface: JSON over HTTP on a unix socket that only its owner can open. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { type Refusal, RefusalError } from "../../../../domain/refusal.ts";
import { type Line, namedReleaseSchema, placeSchema, startSchema, verifySchema } from "./protocol.ts";
import type { Supervisor } from "./supervisor.ts";

interface Call {
  body: unknown;
  signal: AbortSignal;
  progress(line: string): void;
}

/** What `end` gets: whether services run on. */
export type End = "stop" | "hand-over";

export function createControlApi(
  supervisor: Supervisor,
  end: (how: End) => void,
): { server: Server; sayStopping(): void } {
  const held = new Set<ServerResponse>();
  const calls: Record<string, (call: Call) => Promise<unknown>> = {
    "/status": () => supervisor.status(),
    "/start": ({ body, ...watch }) => supervisor.start(startSchema.parse(body), watch),
    "/switch": ({ body }) => supervisor.switchTraffic(namedReleaseSchema.parse(body)),
    "/retire": ({ body }) => supervisor.retire(namedReleaseSchema.parse(body)),
    "/list": ({ body }) => {
      const { namespace, moduleId } = placeSchema.parse(body);
      return supervisor.list(namespace, moduleId);
    },
    "/verify": ({ body, signal }) => supervisor.verify(verifySchema.parse(body), signal),
    "/stop": async () => {
      sayStopping();
      const stopped = await supervisor.stop();
      end("stop");
      return stopped;
    },
    "/hand-over": async () => {
      sayStopping();
      await supervisor.handOver();
      end("hand-over");
    },
  };

  function sayStopping(): void {
    for (const response of held) response.end(lineOf({ kind: "stopping" }));
    held.clear();
  }

  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    if (request.url === "/hold") return hold(request, response, held);
    const call = calls[request.url ?? ""];
    if (call === undefined) return void response.writeHead(404).end();
    void answer(request, response, call);
  });
  return { server, sayStopping };
}

/** An open connection by which a client notices the supervisor's death at once. */
function hold(_request: IncomingMessage, response: ServerResponse, held: Set<ServerResponse>): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
  held.add(response);
  response.once("close", () => held.delete(response));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  call: (call: Call) => Promise<unknown>,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  try {
    const body = await readJson(request);
    const progress = (line: string) => void response.write(lineOf({ kind: "progress", line }));
    const result = await call({ body, signal: gone.signal, progress });
    response.end(lineOf({ kind: "result", result: result ?? null }));
  } catch (error) {
    if (!gone.signal.aborted) response.end(lineOf({ kind: "refusal", refusal: refusalOf(error) }));
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  if (error instanceof z.ZodError) return { code: "InputInvalid", message: z.prettifyError(error) };
  console.error(error);
  return {
    code: "Unavailable",
    message: `the supervisor failed: ${String(error)}`,
    next: "see supervisor.log",
  };
}

function lineOf(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}
