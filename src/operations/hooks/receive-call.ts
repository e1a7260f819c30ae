/** Takes a call of a hook: verifies who made it, keeps it once, and does what it asks for. */
import { sha256Hex } from "../../domain/canonical-json.ts";
import { chooseChange } from "../../domain/hook/choose-change.ts";
import type { HookSpec, HookWish } from "../../domain/hook/hook.ts";
import { type ReadCall, readCall } from "../../domain/hook/read-call.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type Refusal, refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { HookReceipt, HookRecord, ReceiptEnd } from "../../ports/hooks.ts";
import type { RegistrationPlace } from "../../ports/registrations.ts";
import type { System } from "../system.ts";
import { performWish } from "./perform-wish.ts";
import { callProblem, type RawCall } from "./verify-call.ts";

/** Longer than what is asked for takes, but for what hangs: done twice it is done once. */
export const leaseMs = 120_000;

export interface Received {
  status: "taken";
  receipt: HookReceipt;
  /** It came before. */
  known: boolean;
  /** How what it asks for ends; absent where there is nothing to do. */
  ended?: Promise<ReceiptEnd>;
}

type Taken =
  | Received
  /** `noted`: what stands on record, at the hook where there is one. The caller learns less. */
  | { status: "refused"; refusal: Refusal; noted: Refusal; at?: { tenantId: string; actor: string } };

export async function receiveCall(system: System, place: RegistrationPlace, call: RawCall): Promise<Taken> {
  const hook = await findHook(system, place);
  const secret = hook && (await system.hooks.secret(place));
  const refusal = notThisHooks();
  if (hook === undefined || secret === undefined) return { status: "refused", refusal, noted: refusal };
  const problem = callProblem(hook.spec.kind, secret, call);
  if (problem !== undefined) {
    const at = { tenantId: place.tenantId, actor: `hook:${place.id}` };
    const noted = { ...refusal, message: `A call of the hook ${place.id} was refused: ${problem}.` };
    return { status: "refused", refusal, noted, at };
  }
  const body = objectIn(call.body);
  const read = readCall(hook.spec.kind, call.headers, body);
  if (read === undefined)
    throw refuse("InputInvalid", "The call says neither which delivery it is nor what happened.");
  return await keep(system, { hook, call, body, read });
}

async function keep(
  system: System,
  { hook, call, body, read }: { hook: HookRecord; call: RawCall; body: JsonObject; read: ReadCall },
): Promise<Taken> {
  const { tenantId, id, spec } = hook;
  const wish = wishOf(hook, read, body);
  const ignored = "ignored" in wish;
  const { known, receipt } = await system.hooks.receive(
    { tenantId, id },
    {
      ...{ id: read.id, event: read.event, leaseMs },
      // GitHub signs the body and nothing of an id or a time.
      ...(spec.kind === "github" && { bodySha256: sha256Hex(Buffer.from(call.body)) }),
      ...(ignored ? { answer: wish.ignored } : { wish, answer: "is being done" }),
    },
  );
  if (known || ignored) return { status: "taken", receipt, known };
  const claimed = { tenantId, id, receiptId: receipt.id, wish, attempt: receipt.attempts };
  return { status: "taken", receipt, known, ended: performWish(system, claimed) };
}

function wishOf({ id, spec }: HookRecord, read: ReadCall, body: JsonObject): HookWish | { ignored: string } {
  if (spec.handOver === undefined) return { kind: "event", event: body };
  const traceId = `${id}-${sha256Hex(read.id).slice(0, 12)}`;
  if (spec.kind === "standard") return { kind: "hand-over", traceId, ref: branchOf(spec) };
  const chosen = chooseChange(spec.handOver, read);
  if ("ignored" in chosen) return chosen;
  const { how: _, ...change } = chosen;
  return { kind: "hand-over", traceId, ...change };
}

/** Who names no push means the branch that the hook is for. */
function branchOf({ handOver }: HookSpec): string {
  return handOver?.branches[0] ?? "main";
}

async function findHook(
  { hooks }: System,
  { tenantId, id }: RegistrationPlace,
): Promise<HookRecord | undefined> {
  if (!slug.safeParse(tenantId).success || !slug.safeParse(id).success) return undefined;
  return await hooks.get({ tenantId, id });
}

/** The same for a hook that is not there, so that nobody learns which there are. */
function notThisHooks(): Refusal {
  return refuse(
    "Unauthenticated",
    "There is no such hook here, or the call is not signed with its secret.",
    "Give the sender the hook's address, and the secret that was shown when it was made.",
  ).refusal;
}

function objectIn(body: Uint8Array): JsonObject {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as JsonObject;
  } catch {
    // Said below.
  }
  throw refuse(
    "InputInvalid",
    "body: expected a JSON object.",
    "Let the sender send application/json, and no form.",
  );
}
