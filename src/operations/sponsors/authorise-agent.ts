/** Asks the policy decision point for both: the agent, and the person on whose authority it acts. Deny wins. */
import type { AccessDecision, AccessQuestion } from "../../domain/access/access-question.ts";
import type { Action } from "../../domain/access/actions.ts";
import { actOf, actOfSponsor } from "../../domain/access/agent-acts.ts";
import type { HandOver } from "../../domain/delivery/hand-over.ts";
import { traceBranch } from "../../domain/pull-request/trace-branch.ts";
import { type Refusal, RefusalError } from "../../domain/refusal.ts";
import { mayTouch, type Touch } from "../../domain/tenant/repository-rights.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Invocation } from "../../ports/agent.ts";
import type { AuthoriseAgent } from "../../ports/authorise-agent.ts";
import { questionAbout } from "../access/question-of.ts";
import { recordAccess } from "../access/record-access.ts";
import { refusalOf } from "../access/refusal-of.ts";
import type { System } from "../system.ts";
import { declaredCaller } from "./declared-caller.ts";

/** What is permitted is on the delivery's chain as the step that it is; what is denied, in the journal as well. */
export function createAgentAuthority(
  system: Pick<System, "policy" | "journal"> & { tenants: Pick<System["tenants"], "get"> },
): AuthoriseAgent {
  return async (invocation, handOver) => {
    const act = actOf(invocation.skillId);
    if (act === undefined) return;
    const { tenantId, environment, moduleId, traceId, releaseId, editionId, agentId } = invocation;
    const tenant = await system.tenants.get(tenantId);
    const resource = {
      ...{ tenantId, moduleId, traceId },
      ...(environment !== undefined && { environment }),
      ...(releaseId !== undefined && { releaseId }),
      ...(editionId !== undefined && { editionId }),
    };
    const caller = { tenantId, person: `agent:${agentId}`, roles: [], method: "api" as const };
    const asAgent = questionAbout(tenant, caller, { resource, action: act, own: false });
    asAgent.circumstances.sponsored = true;
    const touched = repositoryOf(act, { invocation, handOver });
    keepWithin(tenant, asAgent, touched);
    const sponsor = declaredCaller(tenant, handOver.sponsor);
    const { approvalNeeded } = asAgent.circumstances;
    const action = actOfSponsor(act, { approvalNeeded, authority: handOver.authority });
    const asSponsor = sponsor && questionAbout(tenant, sponsor, { resource, action, own: true });
    keepWithin(tenant, asSponsor, touched);
    const questions = asSponsor === undefined ? [asAgent] : [asAgent, asSponsor];
    const [ofAgent, ofSponsor] = await system.policy.ask(questions, tenant.policies);
    if (ofAgent?.allowed === true && ofSponsor?.allowed === true) return;
    const denied = ofAgent?.allowed === true ? asSponsor : asAgent;
    const decision = ofAgent?.allowed === true ? ofSponsor : ofAgent;
    const refusal = refusalFor({ invocation, handOver }, denied, decision);
    await recordAccess(system, denied ?? asAgent, {
      ...(decision ?? unasked),
      allowed: false,
      code: refusal.code,
    });
    throw new RefusalError(refusal);
  };
}

/** What an act of an agent does to which branch; undefined: to none. */
function repositoryOf(
  act: Action,
  { invocation, handOver }: { invocation: Invocation; handOver: HandOver },
): Touch | undefined {
  const { repository: name, targetBranch, sharedBranch } = handOver;
  const repository = name.split("/").at(-1) ?? name;
  if (act === "commit")
    return { does: "write", repository, branch: traceBranch(invocation, sharedBranch === true) };
  if (act === "pull-request") return { does: "read", repository, branch: targetBranch };
  return act === "merge" ? { does: "write", repository, branch: targetBranch } : undefined;
}

function keepWithin(
  { repositories }: Tenant,
  question: AccessQuestion | undefined,
  touched: Touch | undefined,
): void {
  if (question === undefined || touched === undefined) return;
  const { principal, circumstances, resource } = question;
  if (mayTouch(repositories, principal, touched)) return;
  circumstances.beyondRights = true;
  const { repository, branch } = touched;
  question.resource = { ...resource, repository, ...(branch !== undefined && { branch }) };
}

const unasked: AccessDecision = { allowed: false, rules: [], troubles: [], digest: "" };

function refusalFor(
  { invocation, handOver }: { invocation: Invocation; handOver: HandOver },
  question: AccessQuestion | undefined,
  decision: AccessDecision | undefined,
): Refusal {
  const { tenantId, traceId, agentId } = invocation;
  const { sponsor } = handOver;
  const next = `Somebody who may takes it over: connectsoft take-over ${traceId} --reason <why>`;
  if (question === undefined)
    return {
      code: "SponsorMissing",
      message: `${agentId} acts on the authority of ${sponsor}, who is no person of ${tenantId} any more.`,
      next,
    };
  const why = refusalOf(question, decision ?? unasked, []);
  if (question.principal.kind === "Agent") return why;
  return {
    code: "SponsorMissing",
    message: `${agentId} acts on the authority of ${sponsor}: ${why.message}`,
    next,
  };
}
