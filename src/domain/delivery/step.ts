/** What goes into one step of a delivery, and what comes out. */
import type { DeliveryEvent, EventDraft } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import type { ArtifactAddress } from "../memory/artifact-path.ts";
import type { Refusal } from "../refusal.ts";
import type { DeliveryRecord } from "./delivery-state.ts";
import { endId, lateId } from "./step-ids.ts";

/** A version of an artifact to be stored beside its `ArtifactWritten` event. */
export interface ArtifactVersion extends ArtifactAddress {
  path: string;
  version: number;
  sha256: string;
  content: string;
  writer: { agentId: string; skillId: string; invocationId: string };
}

export interface ArtifactDraft extends ArtifactAddress {
  content: string;
  /** `module`: the path carries no environment. */
  scope: "environment" | "module";
}

/** A file that a producer outside handed in. */
export interface OutsideFile extends Omit<ArtifactDraft, "scope"> {
  source: string;
  writer: ArtifactVersion["writer"];
}

/** How an attempt of an invocation ended. */
export interface AttemptResult {
  invocationId: string;
  attempt: number;
  durationMs: number;
  emits: { name: EventName; data: JsonObject }[];
  artifacts: ArtifactDraft[];
  end:
    | { status: "Success"; summary: string }
    | { status: "Delayed"; summary: string; wakeOn: EventName[]; until?: string }
    | { status: "Failed"; refusal: Omit<Refusal, "code"> & { code: string }; retryable: boolean };
}

export type StepInput =
  /** Facts from outside; `files` come with the first of them, and are dropped with it where it is known. */
  | { kind: "append"; drafts: EventDraft[]; files?: OutsideFile[] }
  /** What a running attempt states before its end. */
  | { kind: "announce"; invocationId: string; attempt: number; draft: EventDraft }
  | { kind: "result"; result: AttemptResult }
  | { kind: "timer"; timer: string }
  | { kind: "lost"; invocationId: string; attempt: number; worker: string };

export interface StepDecision {
  record: DeliveryRecord;
  events: DeliveryEvent[];
  artifacts: ArtifactVersion[];
}

/** The ids of an input that may stand on the chain already: what a store looks up before it decides. */
export function namedIds(input: StepInput): string[] {
  switch (input.kind) {
    case "append":
      return input.drafts.flatMap(({ id }) => (id === undefined ? [] : [id]));
    case "announce":
      return input.draft.id === undefined ? [] : [input.draft.id];
    case "result":
      return [endId(input.result), lateId(input.result)];
    case "timer":
    case "lost":
      return [];
  }
}
