/** Takes the decisions of a batch in its order; what a delivery's first request leaves, its second finds. */
import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import { refuse } from "../../../domain/refusal.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { Job, StepOptions, StepOutcome, StepRequest } from "../../../ports/engine-store.ts";
import { jobChanges } from "../project-jobs.ts";
import type { WrittenStep } from "./written-step.ts";

export interface DecidedBatch {
  outcomes: StepOutcome[];
  /** One for each delivery that has something new. */
  steps: WrittenStep[];
}

/** `known` gives the event ids, of those that the requests name, that stand on the chain. */
export function decideBatch(
  requests: StepRequest[],
  { before, known }: { before: ReadonlyMap<string, DeliveryRecord>; known: Map<string, Set<string>> },
  options: StepOptions,
): DecidedBatch {
  const records = new Map(before);
  const written = new Map<string, WrittenStep>();
  const outcomes = requests.map((request): StepOutcome => {
    const key = subjectKey(request.subject);
    const record = records.get(key);
    const isThere = record !== undefined && (record.head.sequence > 0 || request.create);
    if (!isThere) return { status: "refused", error: unknown(key) };
    try {
      const decision = options.decide(record, request.input, known.get(key) ?? none);
      for (const event of decision.events) known.get(key)?.add(event.id);
      records.set(key, decision.record);
      const sofar = written.get(key) ?? {
        before: record,
        after: record,
        events: [],
        artifacts: [],
        jobs: noJobs,
      };
      sofar.after = decision.record;
      sofar.events.push(...decision.events);
      sofar.artifacts.push(...decision.artifacts);
      written.set(key, sofar);
      return { status: "done", decision, reserved: [] };
    } catch (error) {
      return { status: "refused", error: error instanceof Error ? error : new Error(String(error)) };
    }
  });
  for (const [key, step] of written) {
    if (step.events.length === 0) written.delete(key);
    else step.jobs = jobChanges(step.before, step.after, options);
  }
  assignReserved(outcomes, requests, written);
  return { outcomes, steps: [...written.values()] };
}

const none: ReadonlySet<string> = new Set();
const noJobs = { put: [], drop: [] };

function unknown(key: string): Error {
  return refuse("NotFound", `There is no delivery ${key}.`, "List the deliveries: connectsoft status");
}

/** Hands the reserved jobs of each delivery to the last of its requests, whose record is the one that was written. */
function assignReserved(
  outcomes: StepOutcome[],
  requests: StepRequest[],
  written: ReadonlyMap<string, WrittenStep>,
): void {
  const left = new Map(written);
  for (let index = outcomes.length - 1; index >= 0; index -= 1) {
    const outcome = outcomes[index];
    const request = requests[index];
    if (outcome?.status !== "done" || request === undefined) continue;
    const key = subjectKey(request.subject);
    const reserved: Job[] = left.get(key)?.jobs.put.filter((job) => job.worker !== undefined) ?? [];
    left.delete(key);
    outcome.reserved = reserved;
  }
}
