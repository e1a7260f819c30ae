/** A service's process group: launched or adopted, its end noticed, its log kept in bounds, ended as a whole. */
import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { keepWithin, openOutput } from "../log-files.ts";
import { identify, isAlive, type ProcessIdentity, signalGroup } from "./process-identity.ts";

const adoptedPollMs = 200;

export interface Exit {
  code: number | null;
  signal: string | null;
}

export interface ServiceProcess {
  readonly identity: ProcessIdentity;
  /** SIGTERM to the group, SIGKILL after the grace period; resolves when it is gone. */
  end(graceMs: number): Promise<void>;
  /** Follows it no more, and leaves it running. */
  letGo(): void;
}

export interface Launch {
  command: readonly [string, ...string[]];
  directory: string;
  environment: Record<string, string>;
  /** Folder of its log files. */
  folder: string;
  onExit(exit: Exit, cannotStart?: string): void;
}

/** Starts a process in a session of its own. Undefined where it cannot be started; `onExit` says why. */
export function launchProcess(launch: Launch): ServiceProcess | undefined {
  const [program, ...args] = launch.command;
  const output = openOutput(launch.folder);
  const child = spawn(program, args, {
    cwd: launch.directory,
    env: launch.environment,
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  let stopFollowing = () => {};
  const exited = (exit: Exit, cannotStart?: string) => {
    stopFollowing();
    launch.onExit(exit, cannotStart);
  };
  child.once("error", (error) => exited({ code: null, signal: null }, inWords(program, error)));
  if (child.pid === undefined) return undefined;
  // Dead at birth has no start time; its exit event tells the rest.
  const identity = identify(child.pid) ?? { pid: child.pid, startTime: "" };
  stopFollowing = keepWithin(launch.folder);
  child.once("exit", (code, signal) => {
    endStragglers(identity);
    exited({ code, signal });
  });
  return { identity, end: (graceMs) => endGroup(identity, graceMs), letGo: () => stopFollowing() };
}

/** Takes over a process that is not our child: its end is seen, but not how it ended. */
export function adoptProcess(
  identity: ProcessIdentity,
  folder: string,
  onExit: (exit: Exit) => void,
): ServiceProcess {
  const stopRotating = keepWithin(folder);
  const stopPolling = everySoOften(adoptedPollMs, () => {
    if (isAlive(identity)) return;
    letGo();
    endStragglers(identity);
    onExit({ code: null, signal: null });
  });
  const letGo = () => {
    stopRotating();
    stopPolling();
  };
  return { identity, end: (graceMs) => endGroup(identity, graceMs), letGo };
}

async function endGroup(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!isAlive(identity)) return;
  signalGroup(identity, "SIGTERM");
  const deadlineMs = performance.now() + graceMs;
  while (isAlive(identity) && performance.now() < deadlineMs) await sleep(20);
  signalGroup(identity, "SIGKILL");
  while (isAlive(identity)) await sleep(20);
}

/** Children that outlived their leader; the group's number is not reused while one of them lives. */
function endStragglers(identity: ProcessIdentity): void {
  if (identity.startTime !== "") signalGroup(identity, "SIGKILL");
}

function everySoOften(periodMs: number, task: () => void): () => void {
  const timer = setInterval(task, periodMs);
  return () => clearInterval(timer);
}

function inWords(program: string, error: NodeJS.ErrnoException): string {
  return error.code === "ENOENT"
    ? `its command ${program} was not found; expected a program of the release or on PATH`
    : `its command ${program} cannot be started: ${error.message}`;
}
