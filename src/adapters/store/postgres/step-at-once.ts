/**
 * Takes a batch in one round trip: decides on records that this store committed itself, and lets the one
 * statement that writes check under the rows' locks that they are still the newest and no id is known. Where
 * that does not hold nothing is written, and the batch is taken the long way.
 */

import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import { namedIds } from "../../../domain/delivery/step.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { StepOptions, StepOutcome, StepRequest } from "../../../ports/engine-store.ts";
import { decideBatch } from "./decide-batch.ts";
import type { StepDatabase } from "./step-database.ts";
import { writeSteps } from "./write-steps.ts";

/** Undefined: it could not be done so, and nothing has changed. */
export async function stepAtOnce(
  { pool, from, cache }: StepDatabase,
  requests: StepRequest[],
  options: StepOptions,
): Promise<StepOutcome[] | undefined> {
  const before = new Map<string, DeliveryRecord>();
  const known = new Map<string, Set<string>>();
  const ids: { subject: string; id: string }[] = [];
  for (const { subject, input } of requests) {
    const key = subjectKey(subject);
    const record = cache.get(key);
    if (record === undefined) return undefined;
    before.set(key, record);
    for (const id of namedIds(input)) {
      known.set(key, known.get(key) ?? new Set());
      ids.push({ subject: key, id });
    }
  }
  const { outcomes, steps } = decideBatch(requests, { before, known }, options);
  if (steps.length === 0) return undefined;
  // Whatever comes of it, what is known of these chains is out of date.
  for (const key of before.keys()) cache.drop(key);
  const taken = await writeSteps(pool, steps, { now: options.now, from, before, absent: ids, cache });
  return taken ? outcomes : undefined;
}
