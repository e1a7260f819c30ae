/** What the end of an attempt says on the chain, and the versions of the artifacts that it leaves. */
import { sha256 } from "../canonical-json.ts";
import type { EventDraft } from "../event/event.ts";
import { artifactPath } from "../memory/artifact-path.ts";
import type { Scope } from "../scope.ts";
import type { DeliveryRecord, OpenInvocation } from "./delivery-state.ts";
import type { ArtifactDraft, ArtifactVersion, AttemptResult } from "./step.ts";
import { lateId } from "./step-ids.ts";

export const engineSource = "/engine";

/** Scope and author of everything that an invocation states. */
export function statementOf(open: OpenInvocation) {
  return {
    source: `/agents/${open.agentId}`,
    agentId: open.agentId,
    skillId: open.skillId,
    invocationId: open.invocationId,
    ...(open.environment !== undefined && { environment: open.environment }),
    ...(open.releaseId !== undefined && { releaseId: open.releaseId }),
  };
}

/** `now`: ISO 8601, from which a retry is counted. */
export function endOf(
  open: OpenInvocation,
  result: AttemptResult,
  now: string,
): Pick<EventDraft, "name" | "data"> {
  const base = { invocationId: open.invocationId, attempt: open.attempt, durationMs: result.durationMs };
  const { end } = result;
  switch (end.status) {
    case "Success":
      return { name: "AgentCompleted", data: { ...base, outcome: "Success", summary: end.summary } };
    case "Delayed": {
      const until = end.until === undefined ? {} : { until: end.until };
      const data = { ...base, outcome: "Delayed", summary: end.summary, wakeOn: end.wakeOn, ...until };
      return { name: "AgentCompleted", data };
    }
    case "Failed": {
      const retryAt = end.retryable ? retryTime(open, now) : undefined;
      const data = { ...base, ...end.refusal, ...(retryAt !== undefined && { retryAt }) };
      return { name: "AgentFailed", data };
    }
  }
}

/** An answer that nobody waits for any more: evidence, and nothing else. */
export function lateStatement(result: AttemptResult): EventDraft {
  const { invocationId, attempt, durationMs, end } = result;
  const data = { invocationId, attempt, durationMs, late: true };
  const draft = { id: lateId(result), source: engineSource, invocationId };
  if (end.status === "Failed") return { ...draft, name: "AgentFailed", data: { ...data, ...end.refusal } };
  return { ...draft, name: "AgentCompleted", data: { ...data, outcome: end.status } };
}

/** Undefined where the newest version has this content already. */
export function nextVersion(
  record: DeliveryRecord,
  open: Author,
  draft: ArtifactDraft,
): ArtifactVersion | undefined {
  const { kind, name, content } = draft;
  const path = artifactPath(scopeOf(record, open, draft), draft);
  const known = record.state.artifacts[path];
  const digest = sha256(content);
  if (known?.sha256 === digest) return undefined;
  const { agentId, skillId, invocationId } = open;
  const writer = { agentId, skillId, invocationId };
  return { path, kind, name, version: (known?.version ?? 0) + 1, sha256: digest, content, writer };
}

type Author = Pick<OpenInvocation, "agentId" | "skillId" | "invocationId" | "environment" | "releaseId">;

function scopeOf({ subject }: DeliveryRecord, open: Author, draft: ArtifactDraft): Scope {
  if (draft.scope === "module" || open.environment === undefined) return subject;
  const scope = { ...subject, environment: open.environment };
  return open.releaseId === undefined ? scope : { ...scope, releaseId: open.releaseId };
}

function retryTime({ retries, retry }: OpenInvocation, now: string): string | undefined {
  if (retries >= retry.limit) return undefined;
  return new Date(Date.parse(now) + retry.backoffMs * 2 ** retries).toISOString();
}
