/** The address that programs outside call: who has the hook's secret, and no token, is let in to do the one thing that it does. */
import type { Hono } from "hono";
import { RefusalError } from "../domain/refusal.ts";
import { type Received, receiveCall } from "../operations/hooks/receive-call.ts";
import type { System } from "../operations/system.ts";
import type { ApiEnv, Asked } from "./add-operations.ts";
import type { Authentication } from "./authenticate.ts";
import { connectionOf } from "./connection.ts";
import { limitBody } from "./limit-body.ts";

/** A push of many commits is long; no forge sends more than 25 MiB, and what we need stands in the first lines. */
const longestBodyBytes = 5 * 1024 * 1024;
/** Forges wait for ten seconds. What takes longer is answered as taken, and listed among what the hook received. */
const patienceMs = 8_000;

/** What a call is answered with. */
export const hookStates = ["waiting", "done", "ignored", "refused", "duplicate"] as const;

export function addHookCalls(
  app: Hono<ApiEnv>,
  { system, authentication, limits, trustProxy, trouble }: Asked & HookOptions,
): void {
  app.post("/api/v1/hooks/:tenantId/:hook", limitBody(longestBodyBytes), async (context) => {
    const { tenantId, hook: id } = context.req.param();
    const { address } = connectionOf(context, { trustProxy });
    const body = new Uint8Array(await context.req.arrayBuffer());
    const headers = Object.fromEntries(context.req.raw.headers);
    const { receipt, known, ended } = await limits.signIn(context, address, () =>
      verified(system, authentication, { place: { tenantId, id }, call: { headers, body } }),
    );
    const { event, answer } = receipt;
    if (known) return context.json({ id: receipt.id, event, state: "duplicate", answer }, 200);
    if (ended === undefined)
      return context.json({ id: receipt.id, event, state: receipt.state, answer }, 200);
    const outcome = await soon(ended, (error) => trouble(`what the hook ${tenantId}/${id} received`, error));
    if (outcome === undefined)
      return context.json({ id: receipt.id, event, state: "waiting", answer: "is being done" }, 202);
    const status = outcome.state === "refused" ? 422 : outcome.state === "waiting" ? 202 : 200;
    return context.json({ id: receipt.id, event, state: outcome.state, answer: outcome.answer }, status);
  });
}

interface HookOptions {
  trustProxy: boolean;
  trouble(message: string, error: unknown): void;
}

async function verified(
  system: System,
  authentication: Authentication,
  { place, call }: { place: Parameters<typeof receiveCall>[1]; call: Parameters<typeof receiveCall>[2] },
): Promise<Received> {
  const taken = await receiveCall(system, place, call);
  if (taken.status === "taken") return taken;
  const { refusal, noted, at } = taken;
  await authentication.record({ refusal: noted, ...(at !== undefined && { at }) });
  throw new RefusalError(refusal);
}

/** Undefined where it takes longer; what fails unexpectedly then is told, and done again later. */
async function soon<Value>(
  ended: Promise<Value>,
  failed: (error: unknown) => void,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
    ended.catch(failed);
  }
}
