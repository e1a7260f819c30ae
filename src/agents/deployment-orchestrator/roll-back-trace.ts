/**
 * Policy `rollback.wholeTrace`: when a rollout failed and was rolled back, what the same trace deployed before it and
 * it depends on goes back too, one after the other, dependents first. Each rollback asks for the next one before
 * it ends itself, so that a crash in between repeats the question and does not lose it.
 */
import { z } from "zod";
import { rollbackOrder } from "../../domain/release/module-graph.ts";
import { nodesOf } from "../../domain/release/release-plan.ts";
import { rollbackRoles } from "../../domain/release/roles.ts";
import type { AgentContext, AgentOutcome, Emission, Skill } from "../../ports/agent.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";
import { type ReleaseAtHand, releaseAtHand } from "./release-at-hand.ts";

const wholeTraceSchema = z.object({
  /** Whose failure it was: `shop 2.0.0 (release-000012)`. */
  failed: z.string(),
  /** What goes back after this one, in order. */
  rest: z.array(z.object({ moduleId: z.string(), version: z.string(), releaseId: z.string() })),
});
type WholeTrace = z.infer<typeof wholeTraceSchema>;

/** The rollback of one release, and of its trace where policy asks for it. */
export function withTrace(ports: DeploymentOrchestratorPorts, rollBack: Skill): Skill {
  return async function rollBackTrace(context: AgentContext): Promise<AgentOutcome> {
    const outcome = await rollBack(context);
    const at = await releaseAtHand(context);
    const trace = await traceToRollBack(ports, context, at);
    if (trace === undefined || trace.rest.length === 0) return outcome;
    if (outcome.emits.some(({ name }) => name === "RollbackCompleted")) {
      const stopped = await askNext(ports, context, { at, trace });
      return stopped === undefined ? outcome : { ...outcome, emits: [...outcome.emits, stopped] };
    }
    if (outcome.status !== "Failed" || outcome.retryable) return outcome;
    // The failure of this rollback is told last: it is what a person must see first.
    const why = `the rollback of ${at.place.moduleId} ${at.version} did not come about`;
    const told = escalation(at, trace, { why, left: trace.rest });
    return { ...outcome, emits: outcome.emits.toSpliced(-1, 0, told) };
  };
}

/** What goes back beside this release; undefined where it is rolled back for itself alone. */
async function traceToRollBack(
  { policyOf, traces }: DeploymentOrchestratorPorts,
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
): Promise<WholeTrace | undefined> {
  const ofRelease = ({ data }: { data: { releaseId?: unknown } }) => data.releaseId === releaseId;
  const asked = (await context.events("RollbackRequested"))
    .filter(ofRelease)
    .map(({ data }) => wholeTraceSchema.safeParse(data.wholeTrace))
    .find(({ success }) => success);
  if (asked?.data !== undefined) return asked.data;
  const wasLive = (await context.events("DeploymentCompleted")).some(ofRelease);
  const { tenantId, environment, moduleId } = place;
  if (wasLive || !(await policyOf(context, environment)).rollback.wholeTrace) return undefined;
  const { traceId } = context.invocation;
  const view = await traces.read({ tenantId, traceId, environment });
  const rest = rollbackOrder(nodesOf(view), moduleId).flatMap((one) => {
    const serving = view.modules.find((module) => module.moduleId === one)?.serving;
    if (serving?.traceId !== traceId) return [];
    return [{ moduleId: one, version: serving.version, releaseId: serving.releaseId }];
  });
  return { failed: `${moduleId} ${version} (${releaseId})`, rest };
}

/** Asks for the rollback of the next one that still serves; returns the escalation where that cannot be. */
async function askNext(
  { releases }: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, trace }: { at: ReleaseAtHand; trace: WholeTrace },
): Promise<Emission | undefined> {
  for (const [index, { moduleId, version, releaseId }] of trace.rest.entries()) {
    const place = { ...at.place, moduleId };
    if ((await releases.current(place))?.releaseId !== releaseId) continue;
    if ((await releases.lastKnownGood(place, releaseId)) === undefined) {
      const why = `${moduleId} ${version} (${releaseId}) is the first release that was good there, so there is none to go back to`;
      return escalation(at, trace, { why, left: trace.rest.slice(index) });
    }
    const rest = trace.rest.slice(index + 1);
    const reason = `${trace.failed} of the same trace failed in ${at.place.environment} (rollback.wholeTrace)`;
    const id = `whole-trace.${releaseId}`;
    await context.tell({ moduleId, id }, "RollbackRequested", {
      by: "release-policy",
      reason,
      releaseId,
      wholeTrace: { failed: trace.failed, rest },
    });
    context.progress(`asked for the rollback of ${moduleId} ${version}`);
    return undefined;
  }
  return undefined;
}

function escalation(
  { place }: ReleaseAtHand,
  trace: WholeTrace,
  { why, left }: { why: string; left: WholeTrace["rest"] },
): Emission {
  const names = left.map(({ moduleId, version }) => `${moduleId} ${version}`).join(", ");
  const what = `${trace.failed} failed in ${place.environment} and its trace was to go back with it, which stopped: ${why}. Left as they are: ${names}`;
  const next = `Deliver a corrected trace, or roll back by hand: ${left.map(({ releaseId }) => `studio request-rollback ${releaseId} --reason "..."`).join(", then ")}`;
  const reasons = [{ code: "RollbackImpossible", message: why }];
  return { name: "EscalationRaised", data: { what, who: [...rollbackRoles], next, reasons } };
}
