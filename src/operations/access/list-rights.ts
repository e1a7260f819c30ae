/** What the caller may do, and why not what they may not: a window shows closed actions with the reason. */
import { z } from "zod";
import type { AccessQuestion } from "../../domain/access/access-question.ts";
import { type Action, actions } from "../../domain/access/actions.ts";
import { slug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";
import { questionOf } from "./question-of.ts";
import { refusalOf } from "./refusal-of.ts";

export const listRightsInput = z.object({
  /** Absent: the tenant as a whole. */
  environment: slug.optional(),
});

export interface Right {
  action: Action;
  allowed: boolean;
  /** Where it is not allowed: the sentence that the act would be refused with, and what helps. */
  why?: string;
  next?: string;
}

/** Nobody is asked to do it and nothing is recorded; each act asks again when it is done. */
export async function listRights(
  system: System,
  caller: Caller,
  { environment }: z.output<typeof listRightsInput>,
): Promise<Right[]> {
  const tenant = await system.tenants.get(caller.tenantId);
  const questions = await Promise.all(
    (Object.keys(actions) as Action[]).map((action) =>
      questionOf(system, caller, { tenant, wish: { action, environment } }),
    ),
  );
  const decisions = await system.policy.ask(questions, tenant.policies);
  return await Promise.all(
    questions.map(async (question, index) => {
      const decision = decisions[index];
      if (decision?.allowed === true) return { action: question.action, allowed: true };
      const told = await whyNot(system, question, { decision, policies: tenant.policies });
      return { action: question.action, allowed: false, ...told };
    }),
  );
}

type Policies = Parameters<System["policy"]["ask"]>[1];
type Decision = Awaited<ReturnType<System["policy"]["ask"]>>[number];

async function whyNot(
  { policy }: System,
  question: AccessQuestion,
  { decision, policies }: { decision: Decision | undefined; policies: Policies },
): Promise<Pick<Right, "why" | "next">> {
  if (decision === undefined) throw new Error("a question had no answer");
  const nearest = decision.rules.length > 0 ? [] : await policy.nearest(question, policies);
  const { message, next } = refusalOf(question, decision, nearest);
  return { why: message, ...(next !== undefined && { next }) };
}
