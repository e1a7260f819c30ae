/** Speaks to the supervisor of a directory, and starts one where there is none. */
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { RefusalError, refuse } from "../../../domain/refusal.ts";
import type { LogLine } from "../../../ports/target.ts";
import { type Layout, makeDirectory } from "./layout.ts";
import { spawnSupervisor } from "./spawn-supervisor.ts";
import {
  type Line,
  type LogsRequest,
  protocolVersion,
  type SupervisorStatus,
} from "./supervisor/protocol.ts";

const patienceMs = 15_000;

export interface CallOptions {
  signal?: AbortSignal;
  progress?(line: string): void;
}

/** No supervisor listens, or it went away in the middle of a call. */
export class SupervisorGone extends Error {}

/** One call; refusals come back as they were thrown there. */
export async function callSupervisor(
  layout: Layout,
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<unknown> {
  for await (const line of lines(layout, path, body, options.signal)) {
    if (line.kind === "progress") options.progress?.(line.line);
    if (line.kind === "refusal") throw new RefusalError(line.refusal);
    if (line.kind === "result") return line.result;
  }
  throw new SupervisorGone(`the supervisor of ${layout.directory} went away`);
}

export async function* streamLogs(
  layout: Layout,
  request: LogsRequest,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  for await (const line of lines(layout, "/logs", request, signal)) {
    if (line.kind === "log") yield line.line;
    if (line.kind === "refusal") throw new RefusalError(line.refusal);
    if (line.kind === "result") return;
  }
  throw new SupervisorGone(`the supervisor of ${layout.directory} went away`);
}

export async function supervisorStatusOf(layout: Layout): Promise<SupervisorStatus | undefined> {
  try {
    return (await callSupervisor(layout, "/status", {})) as SupervisorStatus;
  } catch (error) {
    if (error instanceof SupervisorGone) return undefined;
    throw error;
  }
}

/** Returns when a supervisor of this protocol answers; starts one where there is none, replaces one of another protocol. */
export async function ensureSupervisor(
  layout: Layout,
  routerPort: number | undefined,
): Promise<SupervisorStatus> {
  const running = await supervisorStatusOf(layout);
  if (running?.protocol === protocolVersion) return running;
  if (running !== undefined) await callSupervisor(layout, "/hand-over", {});
  makeDirectory(layout.directory);
  const deadlineMs = performance.now() + patienceMs;
  let starting = await spawnSupervisor(layout, routerPort);
  while (performance.now() < deadlineMs) {
    const status = await supervisorStatusOf(layout);
    if (status?.protocol === protocolVersion) return status;
    const exitCode = starting.exitCode();
    if (exitCode !== undefined && exitCode !== 0) break;
    // Code 0: another one held the directory; it may have been on its way out, so try again.
    if (exitCode === 0) starting = await spawnSupervisor(layout, routerPort);
    await sleep(20);
  }
  const tail = (await readFile(layout.log, "utf8").catch(() => "")).trim().split("\n").slice(-12).join("\n");
  throw refuse("Unavailable", `the supervisor did not start: ${tail}`, `see ${layout.log}`);
}

/** Calls `died` once when the supervisor goes away without having said so. Returns what ends the watching. */
export function holdSupervisor(layout: Layout, died: () => void): () => void {
  const ended = new AbortController();
  void (async () => {
    try {
      for await (const line of lines(layout, "/hold", {}, ended.signal, true))
        if (line.kind === "stopping") return;
    } catch {
      // Gone without a word.
    }
    if (!ended.signal.aborted) died();
  })();
  return () => ended.abort();
}

async function* lines(
  layout: Layout,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
  background = false,
): AsyncGenerator<Line> {
  signal?.throwIfAborted();
  const outgoing = request({
    socketPath: layout.socket,
    path,
    method: "POST",
    agent: false,
    ...(signal === undefined ? {} : { signal }),
  });
  if (background) outgoing.on("socket", (socket) => socket.unref());
  try {
    const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      outgoing.on("response", resolve);
      outgoing.on("error", reject);
      outgoing.end(JSON.stringify(body));
    });
    for await (const text of createInterface({ input: response })) yield JSON.parse(text) as Line;
  } catch (error) {
    signal?.throwIfAborted();
    throw new SupervisorGone(`the supervisor of ${layout.directory} does not answer`, { cause: error });
  } finally {
    outgoing.destroy();
  }
}
