/** What a person may do at each place of the matrix, and why the rest is closed; all permissions are asked for at once. */
import type { AccessDecision, AccessQuestion } from "../../../domain/access/access-question.ts";
import type { Action } from "../../../domain/access/actions.ts";
import { cardOf } from "../../../domain/delivery/delivery-card.ts";
import { mainInstance } from "../../../domain/delivery/delivery-state.ts";
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import { sponsorsOf } from "../../../domain/release/authors.ts";
import type { Tenant } from "../../../domain/tenant/tenant.ts";
import type { BoardRow } from "../../../ports/delivery-board.ts";
import { type Possibility, refused } from "../../access/may-do.ts";
import { questionAbout } from "../../access/question-of.ts";
import { refusalOf } from "../../access/refusal-of.ts";
import type { Caller, System } from "../../system.ts";
import type { CellAct, CellActions, CellFacts } from "./matrix-cell.ts";

/** `event`: what the flow has to take; `of`: whose flow. */
const acts = {
  deploy: { action: "deploy", event: "DeployRequested", of: "environment" },
  rollback: { action: "rollback", event: "RollbackRequested", of: "serving" },
  delay: { action: "delay", event: "RetryDelayed", of: "environment" },
  hotfix: { action: "hotfix", event: "HotfixApproved", of: "environment" },
  retry: { action: "retry", event: undefined, of: "failed" },
  rebuild: { action: "rebuild", event: "RebuildPipelineRequested", of: "delivery" },
  provision: { action: "provision", event: undefined, of: "anything" },
  commit: { action: "commit", event: "StudioCommitRequest", of: "delivery" },
  openPullRequest: { action: "pull-request", event: "StudioPRAction", of: "delivery" },
} as const satisfies Record<CellAct, { action: Action; event: EventName | undefined; of: string }>;

const names = Object.keys(acts) as CellAct[];

/** `own`: of a change that they sponsor. It makes a difference to a hotfix alone. */
interface Asked {
  name: CellAct;
  own: boolean;
}
const asked: Asked[] = [...names.map((name) => ({ name, own: false })), { name: "hotfix", own: true }];

export interface CellToActOn {
  environment: string;
  moduleId: string;
  atHand: BoardRow | undefined;
  serving: BoardRow | undefined;
  cell: CellFacts;
}

export async function createCellActions(
  system: System,
  caller: Caller,
  { tenant, environments, moduleIds }: { tenant: Tenant; environments: string[]; moduleIds: string[] },
): Promise<(cell: CellToActOn) => CellActions> {
  const keys = environments.flatMap((environment) =>
    moduleIds.flatMap((moduleId) => asked.map((one) => ({ environment, moduleId, ...one }))),
  );
  const questions = keys.map(({ environment, moduleId, name, own }) =>
    questionAbout(tenant, caller, {
      resource: { tenantId: caller.tenantId, environment, moduleId },
      action: acts[name].action,
      own,
    }),
  );
  const decisions = await system.policy.ask(questions, tenant.policies);
  const words = await refusalsOf(system, tenant, { questions, decisions });
  const answers = new Map(keys.map((key, index) => [keyOf(key), words[index] ?? { allowed: true }]));
  return (cell) => {
    const { environment, moduleId, atHand } = cell;
    const sponsored = sponsorsOf(atHand?.record.handOver).includes(caller.person);
    const answer = (name: CellAct): Possibility => {
      const own = sponsored && name === "hotfix";
      const permitted = answers.get(keyOf({ environment, moduleId, name, own })) ?? { allowed: false };
      return permitted.allowed ? possibleNow(system, name, cell) : permitted;
    };
    return Object.fromEntries(names.map((name) => [name, answer(name)])) as CellActions;
  };
}

function keyOf({ environment, moduleId, name, own }: Asked & { environment: string; moduleId: string }) {
  return `${environment}/${moduleId}/${name}${own ? "/own" : ""}`;
}

/** The same refusal in many cells is put in words once. */
async function refusalsOf(
  system: System,
  tenant: Tenant,
  { questions, decisions }: { questions: AccessQuestion[]; decisions: AccessDecision[] },
): Promise<(Possibility | undefined)[]> {
  const known = new Map<string, Possibility>();
  const found: (Possibility | undefined)[] = [];
  for (const [index, question] of questions.entries()) {
    const decision = decisions[index];
    if (decision === undefined || decision.allowed) {
      found.push(undefined);
      continue;
    }
    const { action, resource } = question;
    const key = [action, resource.environment, ...decision.rules.map(({ id }) => id)].join(" ");
    const words =
      known.get(key) ??
      refused(refusalOf(question, decision, await nearest(system, tenant, { question, decision })));
    known.set(key, words);
    found.push(words);
  }
  return found;
}

async function nearest(
  system: System,
  tenant: Tenant,
  { question, decision }: { question: AccessQuestion; decision: AccessDecision },
) {
  return decision.rules.length > 0 ? [] : await system.policy.nearest(question, tenant.policies);
}

function possibleNow(
  system: System,
  name: CellAct,
  { environment, moduleId, atHand, serving, cell }: CellToActOn,
): Possibility {
  const { event, of } = acts[name];
  if (of === "anything") return { allowed: true };
  const row = of === "serving" ? serving : atHand;
  if (row === undefined) {
    const what = of === "serving" ? "serves" : "serves or is on its way";
    return refused({ message: `Nothing of ${moduleId} ${what} in ${environment}.` });
  }
  const { traceId } = row.record.subject;
  if (of === "failed") {
    if (cardOf(row.record).state === "failed") return { allowed: true };
    return refused({ message: `No step of ${traceId} has failed.` });
  }
  if (name === "rollback" && cell.previous === undefined)
    return refused({ message: `There is no release before it in ${environment} to go back to.` });
  const instance = of === "delivery" ? mainInstance : environment;
  if (event !== undefined && takes(system, row, { instance, event })) return { allowed: true };
  const here = row.record.state.instances[instance];
  const state =
    here === undefined
      ? `not in ${environment}`
      : `in ${system.engine.flows.get(here.flow.digest).active(here.snapshot).join(", ")}`;
  return refused({
    message: `${traceId} is ${state}, from where that leads nowhere.`,
    next: `See what it waits for: connectsoft explain ${traceId}`,
  });
}

function takes(
  system: System,
  { record }: BoardRow,
  { instance: name, event }: { instance: string; event: EventName },
): boolean {
  const instance = record.state.instances[name];
  if (instance === undefined || instance.halted === true) return false;
  const environments = record.handOver?.environments ?? [];
  const { environment } = instance;
  const context = environment === undefined ? { environments } : { environments, environment };
  return system.engine.flows.get(instance.flow.digest).accepts(instance.snapshot, context).includes(event);
}
