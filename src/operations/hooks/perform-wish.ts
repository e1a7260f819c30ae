/**
 * Does what a call of a hook asks for, as its service account, through the operations that everybody uses: what that
 * account may not do is refused and on record. Done again it finds what it did: a trace, or an event by its id.
 */
import type { HookHandOver, HookWish } from "../../domain/hook/hook.ts";
import { retryDelayMs } from "../../domain/notification/retry-schedule.ts";
import { type RefusalCode, RefusalError } from "../../domain/refusal.ts";
import type { ClaimedReceipt, ReceiptEnd } from "../../ports/hooks.ts";
import { accountCaller } from "../accounts/account-caller.ts";
import { catalogue } from "../catalogue.ts";
import type { handOver } from "../hand-over.ts";
import type { Ingested } from "../ingest-event.ts";
import type { Caller, System } from "../system.ts";

/** Of the moment and not of the call: tried again for some hours. */
const passing: readonly RefusalCode[] = ["Unavailable", "RegistryUnavailable", "TooManyRequests"];
const mostAttempts = 8;

/** Says how it ended, and writes it down. What nobody expected is thrown, and done again when the claim has ended. */
export async function performWish(system: System, claimed: ClaimedReceipt): Promise<ReceiptEnd> {
  const end = await attempt(system, claimed);
  const { wish: _, ...place } = claimed;
  await system.hooks.settle(place, end);
  return end;
}

async function attempt(system: System, claimed: ClaimedReceipt): Promise<ReceiptEnd> {
  const { tenantId, id, wish } = claimed;
  try {
    const hook = await system.hooks.get({ tenantId, id });
    if (hook === undefined) return { state: "refused", answer: "the hook is gone" };
    const caller = await accountCaller(system, { tenantId, account: hook.spec.account });
    if (wish.kind === "event") return await takeEvent(system, caller, wish.event);
    return await handModuleOver(system, caller, { wish, from: hook.spec.handOver });
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { code, message } = error.refusal;
    const answer = `${code}: ${message}`.slice(0, 1_000);
    if (!passing.includes(code) || claimed.attempt >= mostAttempts) return { state: "refused", answer };
    return { state: "waiting", answer, delayMs: retryDelayMs(claimed.attempt, 0) };
  }
}

async function handModuleOver(
  system: System,
  caller: Caller,
  { wish, from }: { wish: Extract<HookWish, { kind: "hand-over" }>; from: HookHandOver | undefined },
): Promise<ReceiptEnd> {
  if (from === undefined) return { state: "refused", answer: "the hook hands nothing over any more" };
  const { url, folder, moduleId, environments } = from;
  const { subject, created } = (await run(system, caller, "handOver", {
    source: { kind: "git", url, ref: wish.commit ?? wish.ref, ...(folder !== undefined && { folder }) },
    traceId: wish.traceId,
    ...(moduleId !== undefined && { moduleId }),
    ...(environments !== undefined && { environments }),
  })) as Awaited<ReturnType<typeof handOver>>;
  const name = `${subject.moduleId} as ${subject.traceId}`;
  return { state: "done", answer: created ? `handed over ${name}` : `${name} was handed over before` };
}

async function takeEvent(system: System, caller: Caller, event: object): Promise<ReceiptEnd> {
  const taken = (await run(system, caller, "ingestEvent", event)) as Ingested;
  const { traceId, moduleId } = taken.subject;
  const answer = `${taken.event} of ${traceId}/${moduleId} was ${taken.recorded ? "recorded" : "known already"}`;
  return { state: "done", answer };
}

async function run(system: System, caller: Caller, name: string, input: object): Promise<unknown> {
  const operation = catalogue.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return await operation.run(system, caller, input);
}
