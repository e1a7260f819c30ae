/** Whether somebody could do a thing, for a screen that offers it: nothing is done, so nothing is recorded. */
import type { Refusal } from "../../domain/refusal.ts";
import type { Caller, System } from "../system.ts";
import { questionOf, type Wish } from "./question-of.ts";
import { refusalOf } from "./refusal-of.ts";

export interface Possibility {
  allowed: boolean;
  /** Why not, one sentence. */
  why?: string;
  /** What would let them. */
  next?: string;
  /** There is nothing now that it could be done about, whoever asks. */
  needless?: true;
}

export async function mayDo(system: System, caller: Caller, wish: Wish): Promise<Possibility> {
  const [possibility] = await mayDoEach(system, caller, [wish]);
  return possibility ?? { allowed: false };
}

/** In the order of the wishes; they are asked at once. */
export async function mayDoEach(
  system: System,
  caller: Caller,
  wishes: readonly Wish[],
): Promise<Possibility[]> {
  const tenant = await system.tenants.get(caller.tenantId);
  const questions = await Promise.all(wishes.map((wish) => questionOf(system, caller, { tenant, wish })));
  const decisions = await system.policy.ask(questions, tenant.policies);
  return await Promise.all(
    questions.map(async (question, index) => {
      const decision = decisions[index];
      if (decision === undefined) throw new Error("a question had no answer");
      if (decision.allowed) return { allowed: true };
      const nearest = decision.rules.length > 0 ? [] : await system.policy.nearest(question, tenant.policies);
      return refused(refusalOf(question, decision, nearest));
    }),
  );
}

export function refused({ message, next }: Pick<Refusal, "message" | "next">): Possibility {
  return { allowed: false, why: message, ...(next !== undefined && { next }) };
}

export function needless(refusal: Pick<Refusal, "message" | "next">): Possibility {
  return { ...refused(refusal), needless: true };
}
