/**
 * Asks the gates that the tenant has added: for the verdict, and again before anything of the release starts. What one
 * decides for exactly these digests is kept on the chain and stands for the verdict; one that gives no answer, or has
 * not decided, is asked again.
 */
import { digestOf } from "../domain/canonical-json.ts";
import type { Digests } from "../domain/event/event-catalogue.ts";
import { parseDuration } from "../domain/flow/duration.ts";
import type { JsonObject } from "../domain/json.ts";
import { type ExternalAnswer, gateAnswerSchema, gatesFor } from "../domain/release/external-answer.ts";
import type { ExternalGate } from "../domain/tenant/external-gates.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import type { AgentContext, RecordedEvent } from "../ports/agent.ts";
import type { ExternalGates } from "../ports/external-gates.ts";

export interface ExternalEvidence {
  answers: ExternalAnswer[];
  /** ISO 8601: when those without an answer are asked again. */
  askAgainAt: string;
}

export interface Asking {
  tenant: Pick<Tenant, "gates">;
  environment: string;
  releaseId: string;
  version: string;
  digests: Digests;
  /** Nothing that was answered before stands: every gate is asked. */
  afresh?: true;
}

export async function askExternalGates(
  externalGates: ExternalGates,
  context: AgentContext,
  proposal: Asking,
): Promise<ExternalEvidence> {
  const { moduleId, invokedAt } = context.invocation;
  const gates = gatesFor(proposal.tenant.gates, { environment: proposal.environment, moduleId });
  const now = context.now().getTime();
  if (gates.length === 0) return { answers: [], askAgainAt: new Date(now).toISOString() };
  const known = proposal.afresh ? [] : await context.events("GateAnswered");
  const answers = await Promise.all(
    gates.map(
      (gate) => keptAnswer(known, gate, proposal) ?? askGate(externalGates, context, { gate, proposal }),
    ),
  );
  const soonest = Math.min(...gates.map(({ again }) => parseDuration(again) ?? usualAgainMs));
  const waitMs = Math.min(seldomestMs, Math.max(soonest, (now - Date.parse(invokedAt)) / 4));
  return { answers, askAgainAt: new Date(now + waitMs).toISOString() };
}

const usualAgainMs = 30_000;
const seldomestMs = 15 * 60_000;

/** Of a gate that was asked the same way about the same bytes, and decided. */
function keptAnswer(
  known: RecordedEvent[],
  gate: ExternalGate,
  { releaseId, digests }: Asking,
): ExternalAnswer | undefined {
  const kept = known.find(
    ({ data }) =>
      data.gate === gate.name &&
      data.releaseId === releaseId &&
      data.asked === askedOf(gate) &&
      digestOf(data.digests ?? null) === digestOf({ ...digests }),
  );
  const answer = gateAnswerSchema.safeParse(kept?.data);
  if (kept === undefined || !answer.success || answer.data.status === "pending") return undefined;
  return { gate: gate.name, askedAt: kept.time, outcome: "answered", eventId: kept.id, ...answer.data };
}

async function askGate(
  externalGates: ExternalGates,
  context: AgentContext,
  { gate, proposal }: { gate: ExternalGate; proposal: Asking },
): Promise<ExternalAnswer> {
  const { tenantId, traceId, moduleId } = context.invocation;
  const { environment, releaseId, version, digests } = proposal;
  const askedAt = context.now().toISOString();
  const release = { tenantId, traceId, moduleId, environment, releaseId, version };
  context.progress(`asks the gate ${gate.name}`);
  const asked = await externalGates.ask(
    gate,
    { gate: gate.name, ...release, sponsor: context.handOver.sponsor, digests },
    context.signal,
  );
  if (!("answer" in asked)) return { gate: gate.name, askedAt, outcome: "unanswered", ...asked };
  const { answer } = asked;
  if (answer.status !== "pending") {
    const data = {
      releaseId,
      gate: gate.name,
      asked: askedOf(gate),
      digests: { ...digests },
      ...answer,
    } as JsonObject;
    await context.announce("GateAnswered", data, `${gate.name}.${digestOf(data).slice(7, 23)}`);
  }
  return { gate: gate.name, askedAt, outcome: "answered", ...answer };
}

/** How it was asked: another address or program is another gate. */
function askedOf({ http, command }: ExternalGate): string {
  return digestOf({ http: http?.url ?? null, command: command === undefined ? null : [...command] });
}
