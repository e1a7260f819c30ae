/** Follows a delivery live: what it has so far, then each event as it is committed, and the lines of agents at work. */
import type { DeliveryEvent } from "../domain/event/event.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import type { Caller, System } from "./system.ts";

export type Update =
  | { kind: "event"; event: DeliveryEvent }
  /** Of a worker in this process; those of other processes are not seen. */
  | { kind: "progress"; agentId: string; skillId: string; environment?: string; line: string };

/** Bounds how late an event is seen whose notice was lost. */
const lookEveryMs = 1_000;
const linesKept = 1_000;

/** Ends when the signal is aborted. Gapless from `after` on: a follower that comes back names its last sequence. */
export async function* followDelivery(
  system: System,
  caller: Caller,
  input: { subject: Subject; after: number; signal: AbortSignal },
): AsyncGenerator<Update> {
  const { subject, signal } = input;
  await findDelivery(system, caller, subject);
  const key = subjectKey(subject);
  const lines: Update[] = [];
  const bell = createBell(signal);
  const ends = [
    system.store.subscribe((notice) => {
      if (notice.kind === "resync" || (notice.kind === "delivery" && notice.subject === key)) bell.ring();
    }),
    system.onProgress(({ invocation, line }) => {
      if (subjectKey(invocation) !== key || lines.length >= linesKept) return;
      const { agentId, skillId, environment } = invocation;
      lines.push({
        kind: "progress",
        agentId,
        skillId,
        line,
        ...(environment !== undefined && { environment }),
      });
      bell.ring();
    }),
  ];
  let after = input.after;
  try {
    while (!signal.aborted) {
      const events = await system.store.events(subject, { after, limit: 500 });
      for (const event of events) {
        after = event.sequence;
        yield { kind: "event", event };
      }
      yield* lines.splice(0);
      if (events.length === 0) {
        const cancel = system.clock.schedule(lookEveryMs, () => bell.ring());
        await bell.next();
        cancel();
      }
    }
  } finally {
    for (const end of ends) end();
  }
}

/** Remembers one ring, so that none between two waits is lost. */
function createBell(signal: AbortSignal) {
  let rung = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  signal.addEventListener("abort", ring, { once: true });
  return {
    ring,
    async next(): Promise<void> {
      if (!rung) await new Promise<void>((resolve) => (wake = resolve));
      rung = false;
      wake = undefined;
    },
  };
}
