/** A running container: followed by the process that the kernel knows it by; how it ended is the engine's to say. */
import { setTimeout as sleep } from "node:timers/promises";
import { callProgram } from "../call-program.ts";
import { beyondMemory, followInstance } from "../follow-instance.ts";
import { identify } from "../process/process-identity.ts";
import type { Exit, Identity, Instance } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { killedForMemory } from "./killed-for-memory.ts";

const writtenDownWithinMs = 3_000;

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

export interface FollowedContainer {
  engine: Engine;
  identity: Identity;
  /** Stops what goes on beside it as long as it is followed. */
  unfollow(): void;
  /** Resolves when all that it printed is in its log; called once it has ended. */
  logged(): Promise<void>;
  onExit(exit: Exit): void;
}

export function followContainer({ engine, identity, logged, ...rest }: FollowedContainer): Instance {
  const id = idOf(identity);
  return followInstance({
    ...rest,
    identity,
    name: id,
    async signal(signal) {
      await callProgram(engine.name, ["kill", "--signal", signal.slice("SIG".length), id]).catch(() => {});
    },
    async exit() {
      const exit = await exitOf(engine, id);
      await logged();
      return exit;
    },
    remove: () => removeContainer(engine, id),
  });
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
