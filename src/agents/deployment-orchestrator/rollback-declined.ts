/** A rollback that does not come about: policy does not allow it or leaves it to a person, or it failed. */
import type { JsonObject } from "../../domain/json.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { rollbackRoles } from "../../domain/release/roles.ts";
import type { AgentContext, AgentOutcome } from "../../ports/agent.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";
import type { Reason } from "./records.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";
import type { RollbackCause } from "./rollback-cause.ts";
import { targetOf } from "./target-of.ts";

export async function notAllowed(
  ports: DeploymentOrchestratorPorts,
  { releaseId, version, place }: ReleaseAtHand,
  cause: RollbackCause,
): Promise<AgentOutcome> {
  const { sentence } = await runningNow(ports, place);
  const name = `${place.moduleId} ${version} (${releaseId}) in ${place.environment}`;
  const policy = "the policy says rollbackAllowed: false";
  const what = cause.cancelled
    ? `${name} was being rolled out when its delivery was cancelled, and is not taken back: ${policy}`
    : `${name} is to be rolled back (${said(cause)}), and ${policy}`;
  const next = `${sentence} That stays so until somebody acts. Deliver another version, which takes all of it: connectsoft deliver <folder>; or let a StudioAdmin allow rollbacks (connectsoft tenant apply tenant.yaml), then: studio request-rollback ${releaseId} --reason "..."`;
  return declined({ what, next, who: ["StudioAdmin", "ReleaseManager"], cause });
}

export function heldByPolicy(
  { releaseId, version, place }: ReleaseAtHand,
  cause: RollbackCause,
): AgentOutcome {
  const what = `${place.moduleId} ${version} (${releaseId}) in ${place.environment} should be rolled back (${said(cause)}), and the policy (rollback.mode: held) leaves that to a person`;
  const next = `It is left as it is until somebody decides. Roll it back: studio request-rollback ${releaseId} --code ${codeFor(cause)} --reason "..."`;
  return declined({ what, next, who: [...rollbackRoles], cause });
}

function declined(say: { what: string; next: string; who: string[]; cause: RollbackCause }): AgentOutcome {
  const { what, next, who, cause } = say;
  return {
    status: "Failed",
    retryable: false,
    refusal: { code: "RollbackNotAllowed", message: `${what}.`, next },
    emits: [{ name: "EscalationRaised", data: { what, who, next, reasons: copies(cause.reasons) } }],
  };
}

/** What was tried, what runs now by looking at it, and the commands that help. */
export async function rollbackFailed(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { releaseId, version, place }: ReleaseAtHand,
  { cause, tried, refusal }: { cause: RollbackCause; tried: string[]; refusal: Refusal },
): Promise<AgentOutcome> {
  const runs = await runningNow(ports, place);
  const reasons = [{ code: refusal.code, message: refusal.message }];
  const what = `the rollback of ${place.moduleId} ${version} (${releaseId}) in ${place.environment} failed`;
  const { traceId } = context.invocation;
  const next = `${runs.sentence} See all of it: connectsoft failure ${releaseId}. Try again: studio request-rollback ${releaseId} --code ${codeFor(cause)} --reason "..."; or deliver a version that works: connectsoft deliver <folder>.`;
  const facts = { what, who: [...rollbackRoles], next, reasons };
  const more: JsonObject = { tried, running: runs.releases, causes: copies(cause.reasons), traceId };
  return {
    status: "Failed",
    retryable: false,
    refusal: { ...refusal, next },
    emits: [
      {
        name: "RollbackFailed",
        data: { releaseId, version, environment: place.environment, reasons, ...more },
      },
      { name: "EscalationRaised", data: facts },
    ],
  };
}

/** Measured; what cannot be looked at is said to be unknown and not guessed. */
async function runningNow(
  ports: DeploymentOrchestratorPorts,
  place: ReleaseAtHand["place"],
): Promise<{ sentence: string; releases: JsonObject[] }> {
  const spec = (await ports.releases.history(place)).at(-1)?.spec;
  if (spec === undefined) return { sentence: "Nothing runs.", releases: [] };
  const found = await targetOf(ports, spec)
    .list({ namespace: spec.namespace, moduleId: place.moduleId })
    .catch(() => undefined);
  if (found === undefined)
    return { sentence: "What runs is not known: its host does not answer.", releases: [] };
  const up = found.filter(({ traffic, pid }) => traffic || pid !== undefined);
  const serving = up.filter(({ traffic }) => traffic);
  const words = serving.map(
    (one) => `${one.version} (${one.releaseId}) is ${one.state} and has ${shareOf(one.weight)} traffic`,
  );
  return {
    sentence: serving.length === 0 ? "Nothing serves now." : `Now ${words.join(", ")}.`,
    releases: up.map(({ releaseId, version, state, traffic, weight }) => ({
      releaseId,
      version,
      state,
      traffic,
      ...(weight !== undefined && { weight }),
    })),
  };
}

function shareOf(weight = 100): string {
  return weight === 100 ? "the" : `${weight} % of the`;
}

export function copies(reasons: Reason[]): { code: string; message: string }[] {
  return reasons.map(({ code, message }) => ({ code, message }));
}

function said(cause: RollbackCause): string {
  return cause.reasons.map(({ message }) => message).join("; ");
}

function codeFor({ kind, code }: RollbackCause): string {
  return code ?? (kind === "regression" ? "regression" : "other");
}
