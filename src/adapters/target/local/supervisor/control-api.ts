/** The supervisor's control interface: JSON over HTTP on a unix socket that only its owner can open. */
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type Refusal, RefusalError } from "../../../../domain/refusal.ts";
import type { LogLine } from "../../../../ports/target.ts";
import { createServer } from "../node-http.ts";
import { dismantle } from "./acts/dismantle.ts";
import { keepLogs } from "./acts/keep-logs.ts";
import { limitNamespace } from "./acts/limit-namespace.ts";
import { logs } from "./acts/logs.ts";
import { observe } from "./acts/observe.ts";
import { requireRoom } from "./acts/require-room.ts";
import { retire } from "./acts/retire.ts";
import { route } from "./acts/route.ts";
import { run } from "./acts/run.ts";
import { scale } from "./acts/scale.ts";
import { start } from "./acts/start.ts";
import { handOver, stop } from "./acts/stop.ts";
import { survey } from "./acts/survey.ts";
import { verify } from "./acts/verify.ts";
import { checkNames, checkSpec, type Line, protocolVersion, type SupervisorStatus } from "./protocol.ts";
import type { Supervisor } from "./supervisor.ts";
import { listViews, viewAll } from "./view.ts";

interface Call {
  // biome-ignore lint/suspicious/noExplicitAny: only our own client opens the socket; names are checked before a call.
  body: any;
  signal: AbortSignal;
  progress(line: string): void;
  log(line: LogLine): Promise<void>;
}

/** What `end` gets: whether services run on. */
export type End = "stop" | "hand-over";

export function createControlApi(
  supervisor: Supervisor,
  end: (how: End) => void,
): { server: Server; sayStopping(): void } {
  const held = new Set<ServerResponse>();
  const calls: Record<string, (call: Call) => Promise<unknown>> = {
    "/status": () => status(supervisor),
    "/start": ({ body, ...watch }) => start(supervisor, body, watch),
    "/require-room": ({ body }) => requireRoom(supervisor, body),
    "/scale": ({ body, ...watch }) => scale(supervisor, body, watch),
    "/route": ({ body }) => route(supervisor, body),
    "/retire": ({ body }) => retire(supervisor, body),
    "/list": ({ body }) => listViews(supervisor, body),
    "/verify": ({ body, signal }) => verify(supervisor, body, signal),
    "/run": ({ body, ...watch }) => run(supervisor, body, watch),
    "/logs": ({ body, ...out }) => logs(supervisor, body, out),
    "/survey": async ({ body }) => survey(supervisor, body),
    "/observe": ({ body }) => observe(supervisor, body),
    "/keep-logs": ({ body }) => keepLogs(supervisor, body),
    "/limit-namespace": ({ body }) => limitNamespace(supervisor, body),
    "/dismantle": ({ body }) => dismantle(supervisor, body),
    "/stop": async () => {
      sayStopping();
      const stopped = await stop(supervisor);
      end("stop");
      return stopped;
    },
    "/hand-over": async () => {
      sayStopping();
      await handOver(supervisor);
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

async function status(supervisor: Supervisor): Promise<SupervisorStatus> {
  const services = await viewAll(supervisor, supervisor.all());
  return { protocol: protocolVersion, pid: process.pid, routerPort: supervisor.router.port, services };
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
  // What follows a log can wait long for its first line.
  response.flushHeaders();
  try {
    const body = await readJson(request);
    checkNames(body);
    if (body.spec !== undefined) checkSpec(body.spec);
    const progress = (line: string) => void response.write(lineOf({ kind: "progress", line }));
    const log = async (line: LogLine) => {
      if (response.write(lineOf({ kind: "log", line })) || gone.signal.aborted) return;
      // Whoever reads slowly must not fill our memory.
      await once(response, "drain", { signal: gone.signal }).catch(() => {});
    };
    const result = await call({ body, signal: gone.signal, progress, log });
    response.end(lineOf({ kind: "result", result: result ?? null }));
  } catch (error) {
    if (!gone.signal.aborted) response.end(lineOf({ kind: "refusal", refusal: refusalOf(error) }));
  }
}

async function readJson(request: IncomingMessage) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusalError) return error.refusal;
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
