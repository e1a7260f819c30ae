/**
 * Writes down an act that was refused for what it said, lacked or was signed with, though the person might have done it:
 * an attempt on a decision or with a hostile module is evidence, whatever stopped it. Denials by policy are on record where they are decided.
 */
import { scopePresets } from "../../domain/access/access-token.ts";
import type { Action } from "../../domain/access/actions.ts";
import { type RefusalCode, RefusalError } from "../../domain/refusal.ts";
import type { Caller, System } from "../system.ts";

export interface RefusedAct {
  /** Its operation, or the address of what could not be read. */
  operation: string;
  /** Absent: not known, as of what could not be read. */
  action?: Action;
  /** What it named. */
  about: Readonly<Record<string, unknown>>;
}

const decisive: readonly Action[] = [
  ...scopePresets.decide,
  ...(["evidence", "hand-over", "policy", "tenant"] as const),
];
/** Whether it is a decision, or begins or counts for one. */
export function decides(action: Action): boolean {
  return decisive.includes(action);
}

const codes: readonly RefusalCode[] = [
  ...(["DigestMismatch", "InputInvalid", "JustificationMissing", "ModuleInvalid"] as const),
  ...(["SelfApproval", "SignatureInvalid"] as const),
];

/** `error` is what the act ended with; nothing is written where it is no such refusal. */
export async function recordRefusedAct(
  { journal }: Pick<System, "journal">,
  caller: Caller,
  { operation, action, about, error }: RefusedAct & { error: unknown },
): Promise<void> {
  if (!(error instanceof RefusalError) || !codes.includes(error.refusal.code)) return;
  const { code, message } = error.refusal;
  const named = Object.entries(about).map(([name, value]) => [name, String(value).slice(0, longestName)]);
  const data = {
    ...{ operation, code, message: message.slice(0, longestMessage), method: caller.method },
    resource: Object.fromEntries(named),
    ...(action !== undefined && { action }),
  };
  await journal.append(caller.tenantId, [{ act: "ActRefused", actor: caller.person, data }]);
}

const longestName = 100;
const longestMessage = 500;
