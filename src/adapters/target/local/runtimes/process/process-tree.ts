/** All processes of one instance: its session's leader, its process group, and what is in its control groups or, without those, carries its marker. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import type { Exit, Identity } from "../runtime.ts";
import { endGroups, type Groups, groupMembersOf, memoryKills, refusedForks } from "./instance-group.ts";
import { groupMembers, isAlive, markerInEnvironment, processIds, signalGroup } from "./process-identity.ts";
import { everySoOften } from "./process-watch.ts";

const pageBytes = 4096;

export class ProcessTree {
  readonly identity: Identity;
  readonly groups: Groups;
  private readonly limits: Limits;
  private readonly marker: string | undefined;

  constructor(
    identity: Identity,
    { groups, limits, marker }: { groups: Groups; limits?: Limits; marker: string | undefined },
  ) {
    this.identity = identity;
    this.groups = groups;
    this.limits = limits ?? {};
    this.marker = marker;
  }

  /** Calls once when the leader is gone, which is not our child. Returns what ends the watching. */
  watch(gone: () => void): () => void {
    const stop = everySoOften(() => {
      if (isAlive(this.identity)) return;
      stop();
      gone();
    });
    return stop;
  }

  /** SIGTERM to all of it, SIGKILL to what is left after the grace period or when its leader is gone. */
  async end(graceMs: number): Promise<void> {
    if (graceMs > 0 && isAlive(this.identity)) this.terminate();
    const deadlineMs = performance.now() + graceMs;
    while (isAlive(this.identity) && performance.now() < deadlineMs) await sleep(10);
    await this.killAll();
    while (isAlive(this.identity)) await sleep(10);
  }

  /** After its leader's end: ends what that left behind, and says what is known of the cause. */
  async ended(exit: Exit): Promise<Exit> {
    const left = this.others();
    const because = this.because(exit, left.length);
    await this.killAll();
    return because === undefined ? exit : { ...exit, because };
  }

  usage(): { memoryBytes: number; processes: number } | undefined {
    if (process.platform !== "linux") return undefined;
    const members = this.members();
    if (members.length === 0) return undefined;
    return {
      memoryBytes: members.reduce((sum, pid) => sum + residentBytes(pid), 0),
      processes: members.length,
    };
  }

  private members(): number[] {
    if (Object.keys(this.groups).length > 0) return groupMembersOf(this.groups);
    const marked = processIds().filter(
      (pid) => this.marker !== undefined && markerInEnvironment(pid) === this.marker,
    );
    return [...new Set([...groupMembers(this.identity.pid), ...marked])];
  }

  private others(): number[] {
    return this.members().filter((pid) => pid !== this.identity.pid);
  }

  private terminate(): void {
    signalGroup(this.identity, "SIGTERM");
    const inGroup = new Set(groupMembers(this.identity.pid));
    for (const pid of this.others()) if (!inGroup.has(pid)) signal(pid, "SIGTERM");
  }

  /** The group's number is not used again while one of it lives. */
  private async killAll(): Promise<void> {
    if (this.identity.startTime !== "" && (isAlive(this.identity) || this.others().length > 0))
      signalGroup(this.identity, "SIGKILL");
    if (Object.keys(this.groups).length === 0) for (const pid of this.others()) signal(pid, "SIGKILL");
    await endGroups(this.groups);
  }

  private because(exit: Exit, left: number): string | undefined {
    const { memoryBytes, processes } = this.limits;
    if (memoryKills(this.groups) > 0)
      return memoryBytes === undefined
        ? "the kernel ended it: there was no memory left for it"
        : `the kernel ended it: it used more than its ${mebibytes(memoryBytes)} of memory`;
    if (processes !== undefined && refusedForks(this.groups) > 0 && exit.code !== 0)
      return `the kernel refused it more than its ${processes} processes`;
    if (left > 0 && exit.code === 0)
      return `its first process ended and left ${left === 1 ? "one" : left} behind, ended with it: a service stays in the foreground`;
    return undefined;
  }
}

export function mebibytes(bytes: number): string {
  return `${Number((bytes / 1024 ** 2).toFixed(1))} MiB`;
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * pageBytes;
  } catch {
    return 0;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself between the look and the act.
  }
}
