/** Steps on an engine store whose facts say themselves what they do to the state. */

import type { DeliveryState } from "../../src/domain/delivery/delivery-state.ts";
import type { HandOver } from "../../src/domain/delivery/hand-over.ts";
import { namedIds, type StepDecision } from "../../src/domain/delivery/step.ts";
import { type EventDraft, sealEvent } from "../../src/domain/event/event.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { refuse } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import type { EngineStore, StepOptions, StepOutcome, StepRequest } from "../../src/ports/engine-store.ts";

export const dayOne = "2025-05-23T10:00:00.000Z";

let count = 1;

export function newDelivery(): Subject {
  count += 1;
  return { tenantId: "vetclinic-001", traceId: `trace-${count}`, moduleId: "booking-service" };
}

/** A fact; `patch` in its data is what the step does to the state, `handOver` is what it says was handed over. */
export function fact(
  id: string,
  data: JsonObject | { patch?: Partial<DeliveryState>; handOver?: HandOver } = {},
): EventDraft {
  return { id, name: "ModuleGenerated", source: "/upstream/test", data: data as JsonObject };
}

/** A fact that the decision refuses. */
export const refusing: EventDraft = { ...fact("refusing"), name: "PolicyBlocked" };

export function writing(path: string, version: number, content: string): EventDraft {
  return { ...fact(`${path}-${version}`, { path, version, content }), name: "ArtifactWritten" };
}

export function append(subject: Subject, drafts: EventDraft[], { create = false } = {}): StepRequest {
  return { subject, input: { kind: "append", drafts }, create };
}

/** Steps with a decision that only appends: what a store does with a decision is the same for every one. */
export function take(
  store: EngineStore,
  requests: StepRequest[],
  over: Partial<StepOptions> = {},
): Promise<StepOutcome[]> {
  const now = over.now ?? dayOne;
  return store.step(requests, {
    now,
    route: () => "any",
    reserve: () => undefined,
    decide(record, input, known) {
      const decision: StepDecision = { record, events: [], artifacts: [] };
      if (input.kind !== "append" || namedIds(input).length !== input.drafts.length)
        throw new Error("unexpected input");
      for (const draft of input.drafts) {
        if (known.has(draft.id ?? "")) continue;
        if (draft.name === refusing.name) throw refuse("Conflict", "refused as the test wants it");
        const { patch, handOver, path, version, content } = draft.data;
        const event = sealEvent(record.subject, draft, { after: decision.record.head, time: now });
        decision.events.push(event);
        const state = { ...decision.record.state, ...(patch as unknown as Partial<DeliveryState>) };
        const head = { sequence: event.sequence, hash: event.hash };
        decision.record = { ...decision.record, head, state };
        if (handOver !== undefined) decision.record.handOver = handOver as unknown as HandOver;
        if (draft.name === "ArtifactWritten")
          decision.artifacts.push({
            path: String(path),
            kind: "commits",
            name: "notes",
            version: Number(version),
            sha256: `sha-${version}`,
            content: String(content),
            writer: { agentId: "code-committer", skillId: "CommitModule", invocationId: "inv-1" },
          });
      }
      return decision;
    },
    ...over,
  });
}

export function decisionOf(outcome: StepOutcome | undefined): StepDecision {
  if (outcome?.status !== "done") throw outcome?.error ?? new Error("no outcome");
  return outcome.decision;
}
