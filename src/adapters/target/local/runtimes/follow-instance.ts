/**
 * An instance that another program runs (a container engine, systemd), followed by its first process: no command of
 * that program has to wait for it, and it makes no difference whether the program's own watcher still lives.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { groupUsage } from "./group-usage.ts";
import { isAlive } from "./process/process-identity.ts";
import type { Exit, Identity, Instance } from "./runtime.ts";

const pollMs = 50;

export const beyondMemory = "it went beyond its limit of memory";

export interface Followed {
  identity: Identity;
  /** What its control groups are named after. */
  name: string;
  /** Reaches every process of it; nothing there is nothing to do. */
  signal(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Stops what goes on beside it as long as it is followed. */
  unfollow(): void;
  /** How it ended, once it has. */
  exit(): Promise<Exit>;
  onExit(exit: Exit): void;
  /** Leaves nothing of it. */
  remove(): Promise<void>;
}

export function followInstance(followed: Followed): Instance {
  const { identity, name } = followed;
  let over = false;
  let finishing: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (!isAlive(identity)) void finish();
  }, pollMs);

  /** Once; who ends it waits until it is tidied up. */
  function finish(): Promise<void> {
    if (!over) finishing ??= finishOnce();
    return finishing ?? Promise.resolve();
  }

  async function finishOnce(): Promise<void> {
    clearInterval(timer);
    followed.unfollow();
    const exit = await followed.exit();
    // First told, then tidied up: a probe that fails meanwhile would be taken for the cause.
    followed.onExit(exit);
    await followed.remove();
  }

  return {
    identity,
    async end(graceMs) {
      const deadlineMs = performance.now() + graceMs;
      await followed.signal("SIGTERM");
      while (isAlive(identity) && performance.now() < deadlineMs) await sleep(20);
      await followed.signal("SIGKILL");
      while (isAlive(identity)) await sleep(20);
      await finish();
    },
    letGo() {
      over = true;
      clearInterval(timer);
      followed.unfollow();
    },
    usage: () => groupUsage(identity.pid, (group) => group.includes(name)),
  };
}
