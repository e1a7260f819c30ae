/** A server for a command that needs one: the one that runs, or a new one in the background. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RefusalError, refuse } from "../domain/refusal.ts";
import { placesIn, prepareDataDirectory } from "./data-directory.ts";
import type { ServerMessage } from "./run-server.ts";
import { isAlive, readServerRecord, type ServerRecord } from "./server-record.ts";

const program = path.join(import.meta.dirname, "../../bin/connectsoft.mjs");
const startTimeoutMs = 90_000;
const answerTimeoutMs = 2_000;
const unreadyTimeoutMs = 30_000;
const logTailLines = 10;
const logLineLength = 300;

/** The server of the data directory where one answers, else undefined. */
export async function findServer(dataDirectory: string): Promise<ServerRecord | undefined> {
  const record = readServerRecord(dataDirectory);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  return (await answers(record, "readyz")) ? record : undefined;
}

/** Starts one where none runs; it outlives the caller. Refuses with what kept it from starting. */
export async function ensureServer(dataDirectory: string, env: NodeJS.ProcessEnv): Promise<ServerRecord> {
  const running = (await findServer(dataDirectory)) ?? (await waitForUnready(dataDirectory));
  if (running !== undefined) return running;
  await prepareDataDirectory(dataDirectory);
  const { serverLog } = placesIn(dataDirectory);
  const before = await sizeOf(serverLog);
  const message = await startInBackground(dataDirectory, env);
  if (message?.kind === "refused") {
    // Another caller was faster, or a server is still on its way: that one is as good.
    const other = message.refusal.code === "Conflict" ? await waitForAnswer(dataDirectory) : undefined;
    if (other !== undefined) return other;
    throw new RefusalError(message.refusal);
  }
  // What said that it is ready answers late on a busy machine.
  const record = message === undefined ? undefined : await waitForAnswer(dataDirectory);
  if (record !== undefined) return record;
  throw refuse(
    "Unavailable",
    `The server did not start. The end of its log:\n${await logTail(serverLog, before)}`,
    `Read ${serverLog}, and look at this machine: connectsoft doctor.`,
  );
}

/** One that runs and is not ready, such as while its database comes back, is waited for: a second one would take its place. */
async function waitForUnready(dataDirectory: string): Promise<ServerRecord | undefined> {
  const deadline = Date.now() + unreadyTimeoutMs;
  for (;;) {
    const record = readServerRecord(dataDirectory);
    if (record === undefined || !isAlive(record.pid) || !(await answers(record, "healthz"))) return undefined;
    if (await answers(record, "readyz")) return record;
    if (Date.now() > deadline)
      throw refuse(
        "Unavailable",
        `The server with pid ${record.pid} runs and is not ready: its database is away.`,
        `Read ${placesIn(dataDirectory).serverLog}; or end it with connectsoft stop and try again.`,
      );
    await pause(100);
  }
}

/** What this start wrote, at most the last lines of it. */
async function logTail(file: string, from: number): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const lines = bytes.subarray(from).toString("utf8").trim().split("\n").slice(-logTailLines);
  return lines.map((line) => `  ${line.slice(0, logLineLength)}`).join("\n");
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function answers(record: ServerRecord, question: "readyz" | "healthz"): Promise<boolean> {
  try {
    const response = await fetch(`${record.url}/${question}`, {
      headers: { authorization: `Bearer ${record.token}` },
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** What the new process said of itself; undefined where it ended without a word. */
function startInBackground(
  dataDirectory: string,
  env: NodeJS.ProcessEnv,
): Promise<ServerMessage | undefined> {
  const { serverLog, logs } = placesIn(dataDirectory);
  mkdirSync(logs, { recursive: true });
  const log = openSync(serverLog, "a", 0o600);
  const port = env.CONNECTSOFT_PORT === undefined ? [] : ["--port", env.CONNECTSOFT_PORT];
  const child = spawn(process.execPath, [program, "serve", "--data", dataDirectory, ...port], {
    cwd: path.dirname(dataDirectory),
    detached: true,
    env,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  return new Promise((resolve) => {
    const settle = (message: ServerMessage | undefined): void => {
      clearTimeout(timer);
      if (child.connected) child.disconnect();
      child.unref();
      resolve(message);
    };
    const timer = setTimeout(() => settle(undefined), startTimeoutMs);
    child.once("message", (message) => settle(message as ServerMessage));
    child.once("error", () => settle(undefined));
    child.once("exit", () => settle(undefined));
  });
}

async function waitForAnswer(dataDirectory: string): Promise<ServerRecord | undefined> {
  const deadline = Date.now() + startTimeoutMs / 3;
  while (Date.now() < deadline) {
    const record = await findServer(dataDirectory);
    if (record !== undefined) return record;
    await pause(50);
  }
  return undefined;
}
