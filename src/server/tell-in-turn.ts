/**
 * Tells targets what happened: soon after a step of this process that somebody wants to know of, and every few seconds
 * for what other processes did, or one that was killed could not tell any more.
 */
import type { StepDecision } from "../domain/delivery/step.ts";
import { eventName } from "../domain/event/event.ts";
import type { Channel } from "../domain/notification/notification-settings.ts";
import { subjectKey } from "../domain/scope.ts";
import { createTeller } from "../operations/notifications/tell-targets.ts";
import type { System } from "../operations/system.ts";
import { type Repeated, repeat } from "./repeat.ts";

const betweenLooksMs = 1_000;
const looksToSweep = 10;
/** Every chain is looked at when a server begins, and then seldom: between, what has changed lately. */
const looksToWholeSweep = 600;
const latelyMs = 120_000;
/** Longer than any attempt takes. */
const leaseMs = 15_000;

export function tellInTurn(
  system: System,
  onStep: (listener: (decision: StepDecision) => void) => () => void,
  report: {
    attempted(tenantId: string, channel: Channel, sent: boolean): void;
    trouble(message: string, error: unknown): void;
  },
): Repeated {
  const teller = createTeller({ system, random: Math.random, leaseMs, ...report });
  const stepped = new Set<string>();
  const unsubscribe = onStep(({ record, events }) => {
    const { tenantId } = record.subject;
    if (events.some((event) => teller.wants(tenantId, eventName(event))))
      stepped.add(subjectKey(record.subject));
  });
  let looks = 0;
  const looking = repeat({
    everyMs: betweenLooksMs,
    async task(signal) {
      const subjects = [...stepped];
      stepped.clear();
      const whole = looks % looksToWholeSweep === 0;
      if (whole) await teller.take();
      else if (looks % looksToSweep === 0) await teller.take({ changedWithinMs: latelyMs });
      else if (subjects.length > 0) await teller.take({ subjects });
      if (whole) await teller.tidy();
      looks += 1;
      await teller.send(signal);
    },
    said: "targets could not be told what happened",
    trouble: report.trouble,
  });
  return {
    async stop() {
      unsubscribe();
      await looking.stop();
      await teller.idle();
    },
  };
}
