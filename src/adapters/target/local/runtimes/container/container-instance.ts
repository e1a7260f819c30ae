/**
 * A running container, followed by the process that the kernel knows it by: no command of the engine has to wait
 * for it, and it makes no difference whether the engine's own watcher still lives.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { callProgram } from "../call-program.ts";
import { groupUsage } from "../group-usage.ts";
import { identify, isAlive } from "../process/process-identity.ts";
import type { Exit, Identity, Instance } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { killedForMemory } from "./killed-for-memory.ts";

const pollMs = 50;
const writtenDownWithinMs = 3_000;
const beyondMemory = "it went beyond its limit of memory";

export interface ContainerState {
  running: boolean;
  pid: number;
  exit: Exit;
}

/** Names a container for good: `<engine>/<id>`, and its first process. */
export function identityOf(engine: Engine, id: string, pid: number): Identity {
  return {
    ...((pid > 0 ? identify(pid) : undefined) ?? { pid, startTime: "" }),
    container: `${engine.name}/${id}`,
  };
}

export function idOf(identity: Identity): string {
  return identity.container?.split("/")[1] ?? "";
}

export interface Following {
  engine: Engine;
  identity: Identity;
  /** What goes on beside it as long as it runs; called once when it has ended. */
  ended(): Promise<void> | void;
  onExit(exit: Exit): void;
}

export function followContainer({ engine, identity, ended, onExit }: Following): Instance {
  const id = idOf(identity);
  let over = false;
  const timer = setInterval(() => {
    if (!isAlive(identity)) void finish();
  }, pollMs);

  let finishing: Promise<void> | undefined;

  /** Once; who ends it waits until it is tidied up. */
  function finish(): Promise<void> {
    if (!over) finishing ??= finishOnce();
    return finishing ?? Promise.resolve();
  }

  async function finishOnce(): Promise<void> {
    clearInterval(timer);
    const exit = await exitOf(engine, id);
    await ended();
    // First told, then tidied up: a probe that fails meanwhile would be taken for the cause.
    onExit(exit);
    await removeContainer(engine, id);
  }

  return {
    identity,
    async end(graceMs) {
      const deadlineMs = performance.now() + graceMs;
      await callProgram(engine.name, ["kill", "--signal", "TERM", id]).catch(() => {});
      while (isAlive(identity) && performance.now() < deadlineMs) await sleep(20);
      await callProgram(engine.name, ["kill", "--signal", "KILL", id]).catch(() => {});
      while (isAlive(identity)) await sleep(20);
      await finish();
    },
    letGo() {
      over = true;
      clearInterval(timer);
    },
    usage: () => groupUsage(identity.pid, (group) => group.includes(id)),
  };
}

/** Undefined where the engine does not know it. */
export async function stateOf(engine: Engine, id: string): Promise<ContainerState | undefined> {
  const format = "{{.State.Running}} {{.State.Pid}} {{.State.ExitCode}} {{.State.OOMKilled}}";
  const said = await callProgram(engine.name, [
    "inspect",
    "--type",
    "container",
    "--format",
    format,
    id,
  ]).catch(() => undefined);
  if (said === undefined) return undefined;
  const [running, pid, code, oom] = said.trim().split(" ");
  return { running: running === "true", pid: Number(pid), exit: exitFrom(Number(code), oom === "true") };
}

/** Also where it runs, or was never started. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  // docker kills at once, podman when it is told to.
  const atOnce = engine.name === "podman" ? ["--time", "0"] : [];
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await callProgram(engine.name, ["rm", "--force", ...atOnce, "--volumes", id]).catch(() => {});
    // An engine that is still busy with the end of it refuses to.
    if ((await stateOf(engine, id)) === undefined) return;
    await sleep(100);
  }
}

/** The engine's watcher writes the code down a moment after the process is gone; where it was killed, nobody does. */
async function exitOf(engine: Engine, id: string): Promise<Exit> {
  const deadlineMs = performance.now() + writtenDownWithinMs;
  while (performance.now() < deadlineMs) {
    const state = await stateOf(engine, id);
    if (state === undefined) break;
    if (!state.running) return withReason(state.exit, id);
    await sleep(25);
  }
  return withReason(
    {
      code: null,
      signal: null,
      because: "what watched its container was killed, so its exit code is not known",
    },
    id,
  );
}

function withReason(exit: Exit, id: string): Exit {
  if (exit.signal !== "SIGKILL" && exit.code !== null) return exit;
  return killedForMemory(id) ? { ...exit, because: beyondMemory } : exit;
}

/** Engines say 128 and the number of the signal where one ended it (an init in between does the same). */
function exitFrom(code: number, outOfMemory: boolean): Exit {
  const because = outOfMemory ? { because: beyondMemory } : {};
  if (code < 0) return { code: null, signal: null, ...because };
  const signal = signals[code - 128];
  return signal === undefined ? { code, signal: null, ...because } : { code: null, signal, ...because };
}

const signals: Record<number, string> = {
  1: "SIGHUP",
  2: "SIGINT",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
};
