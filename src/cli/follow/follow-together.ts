/** Follows the modules of a trace side by side, until each is where it was to go, waits for a person, or ended otherwise. */
import type { DeliveryEvent } from "../../domain/event/event.ts";
import { createTurns } from "../../domain/in-turn.ts";
import { type Cli, exitCodes } from "../cli.ts";
import type { Client } from "../client.ts";
import { getStatus, pathOf, type Target } from "../connect.ts";
import { describeStatus } from "../describe-status.ts";
import { askApproval } from "./ask-approval.ts";
import { isConnectionLoss } from "./follow-delivery.ts";
import { judge, telling } from "./judge.ts";
import { createLineView } from "./line-view.ts";
import { nameOf } from "./step-lines.ts";

export interface FollowingTogether {
  /** Of one trace. */
  targets: Target[];
  json: boolean;
  until: string | undefined;
  reconnect(): Promise<Client>;
}

/** One module while it is followed. */
interface Follower {
  target: Target;
  after: number;
  /** What it ended with. */
  code?: number;
  /** It waits for something that another module of the trace may bring. */
  held: boolean;
  /** More had happened than was shown when it was looked at. */
  behind: boolean;
  poke: AbortController;
}

/** How long nothing may happen to any module before what waits for the others is left alone: longer than a sweep for what was lost. */
const patienceMs = 7_000;

/** Resolves with the worst exit code of all. The deliveries do not depend on being followed. */
export async function followTogether(cli: Cli, following: FollowingTogether): Promise<number> {
  const { targets, json, until, reconnect } = following;
  const view = createLineView(cli, targets, json);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  const asking = createTurns();
  const followers = targets.map(
    (target): Follower => ({ target, after: 0, held: false, behind: false, poke: new AbortController() }),
  );
  let movedAt = performance.now();

  async function follow(one: Follower): Promise<void> {
    let client = await reconnect();
    while (one.code === undefined && !interruption.signal.aborted) {
      one.poke = new AbortController();
      try {
        await look(one, client);
        if (one.code === undefined) await stream(one, client);
      } catch (error) {
        if (interruption.signal.aborted || one.poke.signal.aborted) continue;
        if (!isConnectionLoss(error)) throw error;
        client = await reconnect();
      }
    }
    movedAt = performance.now();
    for (const other of followers) if (other.held) other.poke.abort();
  }

  async function stream(one: Follower, client: Client): Promise<void> {
    // Only what waits for the others looks again by itself.
    const rest = Math.max(1_000, Math.ceil(patienceMs - (performance.now() - movedAt)));
    const signals = [interruption.signal, one.poke.signal, ...(one.held ? [AbortSignal.timeout(rest)] : [])];
    const signal = AbortSignal.any(signals);
    try {
      for await (const { event, data } of client.stream(`${pathOf(one.target)}/events`, one.after, signal)) {
        if (event === "progress") continue;
        const fact = data as DeliveryEvent;
        one.after = fact.sequence;
        movedAt = performance.now();
        view.event(fact);
        if (one.behind || telling.has(nameOf(fact))) await look(one, client);
        // What waits for the others begins to count how long nothing happens.
        if (one.code !== undefined || one.held) return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Before the newest event has been shown, nothing counts. */
  async function look(one: Follower, client: Client): Promise<void> {
    const status = await getStatus(client, one.target);
    one.held = false;
    one.behind = status.sequence > one.after;
    if (one.behind) return;
    const judgement = judge(status, until, new Date());
    if (judgement.kind === "approval") {
      const code = json
        ? exitCodes.waiting
        : await asking("", () => view.whilePaused(() => askApproval(cli, client, status)));
      if (code !== undefined) one.code = code;
      return;
    }
    if (judgement.kind !== "end") return;
    one.held = judgement.code === exitCodes.waiting && status.explanation.kind === "held";
    if (!one.held || isStuck()) one.code = judgement.code;
  }

  function isStuck(): boolean {
    const open = followers.filter(({ code }) => code === undefined);
    return open.every(({ held }) => held) && performance.now() - movedAt >= patienceMs;
  }

  try {
    await Promise.all(followers.map(follow));
  } catch (error) {
    const stopped = error instanceof Error && error.name === "ExitPromptError";
    if (!stopped && !interruption.signal.aborted) throw error;
    interruption.abort();
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
  if (!json) await conclude(cli, following, interruption.signal.aborted);
  if (interruption.signal.aborted) return exitCodes.interrupted;
  return Math.max(...followers.map(({ code = exitCodes.done }) => code));
}

async function conclude(
  cli: Cli,
  { targets, reconnect }: FollowingTogether,
  stopped: boolean,
): Promise<void> {
  const { bold } = cli.colors;
  const traceId = targets[0]?.traceId;
  cli.out("");
  if (stopped) {
    cli.out("You stopped following; the deliveries go on.");
    cli.out(`${bold("next:")} connectsoft deliver --follow ${traceId}, or connectsoft plan ${traceId}`);
    return;
  }
  const client = await reconnect();
  for (const target of targets) {
    for (const line of describeStatus(cli, await getStatus(client, target))) cli.out(line);
    cli.out("");
  }
  cli.out(`${bold("more:")} connectsoft plan ${traceId}`);
}
