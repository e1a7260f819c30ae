/** Follows a delivery until it is where it was to go, waits for a person, or ended otherwise. */
import type { DeliveryEvent } from "../../domain/event/event.ts";
import { RefusalError } from "../../domain/refusal.ts";
import type { DeliveryStatus } from "../../operations/get-delivery.ts";
import { type Cli, exitCodes } from "../cli.ts";
import type { Client } from "../client.ts";
import { getStatus, pathOf, type Target } from "../connect.ts";
import { describeStatus } from "../describe-status.ts";
import { askApproval } from "./ask-approval.ts";
import { judge, telling } from "./judge.ts";
import { createJsonView, createLiveView, type LiveView } from "./live-view.ts";
import { nameOf } from "./step-lines.ts";

export interface Following {
  target: Target;
  json: boolean;
  /** Ends as done when it is live there. */
  until: string | undefined;
  /** A client of the server, which is started again where it is gone. */
  reconnect(): Promise<Client>;
}

/** Resolves with the exit code. The delivery does not depend on being followed. */
export async function followDelivery(cli: Cli, following: Following): Promise<number> {
  const { target, json } = following;
  const view = json ? createJsonView(cli) : createLiveView(cli);
  if (!json) {
    const { bold, dim } = cli.colors;
    cli.out(`${bold(target.moduleId)} ${dim(`on ${target.traceId}`)}`);
  }
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  try {
    const code = await follow(cli, { ...following, view, signal: interruption.signal });
    view.pause();
    if (code === exitCodes.interrupted) {
      sayThatItGoesOn(cli, following);
      return code;
    }
    if (!json) await conclude(cli, following);
    return code;
  } catch (error) {
    view.pause();
    const stopped = error instanceof Error && error.name === "ExitPromptError";
    if (!stopped && !interruption.signal.aborted) throw error;
    sayThatItGoesOn(cli, following);
    return exitCodes.interrupted;
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

type Watch = Following & { view: LiveView; signal: AbortSignal };

async function follow(cli: Cli, watch: Watch): Promise<number> {
  const { target, view, signal } = watch;
  let after = 0;
  let arrival: Ending | undefined;
  let client = await watch.reconnect();
  for (;;) {
    try {
      for await (const { event, data } of client.stream(`${pathOf(target)}/events`, after, signal)) {
        if (event === "progress") {
          view.progress(data as Parameters<LiveView["progress"]>[0]);
          continue;
        }
        const fact = data as DeliveryEvent;
        after = fact.sequence;
        view.event(fact);
        if (arrival === undefined && telling.has(nameOf(fact)))
          arrival = await look(cli, client, { watch, after });
        if (arrival !== undefined && arrival.sequence <= after) return arrival.code;
      }
    } catch (error) {
      if (signal.aborted) return exitCodes.interrupted;
      if (!isConnectionLoss(error)) throw error;
    }
    if (signal.aborted) return exitCodes.interrupted;
    // The server ended or was killed; the delivery is in the database and goes on with the next one.
    view.pause();
    if (!watch.json) cli.err("The server is away; starting it again.");
    client = await watch.reconnect();
    view.resume();
  }
}

interface Ending {
  code: number;
  /** It ends when what had happened by then has been shown. */
  sequence: number;
}

/** How it ends, or undefined to go on. Before the newest event has been shown, only an arrival counts. */
async function look(
  cli: Cli,
  client: Client,
  { watch, after }: { watch: Watch; after: number },
): Promise<Ending | undefined> {
  const status = await getStatus(client, watch.target);
  const { sequence } = status;
  const judgement = judge(status, watch.until, new Date());
  const arrived = judgement.kind === "end" && judgement.code === exitCodes.done;
  if (judgement.kind === "on" || (sequence > after && !arrived)) return undefined;
  if (judgement.kind === "end") return { code: judgement.code, sequence };
  if (watch.json) return { code: exitCodes.waiting, sequence };
  watch.view.pause();
  const code = await askApproval(cli, client, status);
  if (code !== undefined) return { code, sequence };
  watch.view.resume();
  return undefined;
}

async function conclude(cli: Cli, following: Following): Promise<void> {
  const { bold, dim } = cli.colors;
  const status: DeliveryStatus = await getStatus(await following.reconnect(), following.target);
  cli.out("");
  for (const line of describeStatus(cli, status)) cli.out(line);
  const { traceId } = following.target;
  const serving = status.instances.some(({ url }) => url !== undefined);
  cli.out("");
  cli.out(`${bold("more:")} connectsoft timeline ${traceId} ${dim("·")} connectsoft memory ls ${traceId}`);
  if (serving) cli.out(`${bold("stop:")} connectsoft stop`);
}

function sayThatItGoesOn(cli: Cli, { target, json }: Following): void {
  if (json) return;
  cli.out("");
  cli.out("You stopped following; the delivery goes on.");
  cli.out(
    `${cli.colors.bold("next:")} connectsoft deliver --follow ${target.traceId}, or connectsoft status ${target.traceId}`,
  );
}

export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof RefusalError) return error.refusal.code === "Unavailable";
  // What fetch makes of a connection that ends in the middle of a stream.
  return error instanceof TypeError;
}
