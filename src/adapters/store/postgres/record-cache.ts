/**
 * Records as they were last committed through this store. Never trusted alone: the write that builds on one
 * checks, under the row's lock, that the chain still ends where the record does.
 */
import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";

/** Characters of JSON text that the kept records came from; in memory they take a few times that. */
const budget = 16 * 2 ** 20;

export class RecordCache {
  private readonly records = new Map<string, { record: DeliveryRecord; size: number }>();
  private size = 0;

  get(key: string): DeliveryRecord | undefined {
    return this.records.get(key)?.record;
  }

  /** The latest are kept. `size` is the length of the record's JSON text. */
  put(key: string, record: DeliveryRecord, size: number): void {
    this.drop(key);
    freeze(record.handOver);
    this.records.set(key, { record, size });
    this.size += size;
    for (const oldest of this.records.keys()) {
      if (this.size <= budget) return;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    this.size -= this.records.get(key)?.size ?? 0;
    this.records.delete(key);
  }
}

/** Agents are given the hand-over itself. */
function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
