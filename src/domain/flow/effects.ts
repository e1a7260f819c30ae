/** What XState's actions mean to the engine. */
import type { FlowEffect, FlowInput } from "./compiled-flow.ts";

/** A timer whose delay is only known from the input that enters the state. */
interface TimerUntil {
  kind: "timerUntil";
  timerId: string;
}

export type PlannedEffect = FlowEffect | TimerUntil;

/**
 * In the order of the actions: states are left inner before outer and entered outer before inner. What
 * the input itself has ended is not ended again, and what began and ended within the step never was.
 */
export function effectsOf(planned: readonly PlannedEffect[], input: FlowInput | undefined): FlowEffect[] {
  const effects: FlowEffect[] = [];
  let over = endedBy(input);
  for (const effect of planned) {
    if (effect.kind === "timerUntil") {
      const delayMs = delayUntil(input);
      if (delayMs !== undefined) effects.push({ kind: "timer", timerId: effect.timerId, delayMs });
    } else if (over !== undefined && beginningOf(effect) === over) {
      over = undefined;
    } else if (!withdraw(effect, effects)) {
      effects.push(effect);
    }
  }
  return effects;
}

/**
 * Milliseconds from the event to the time in its `data.until`, 0 where that is past. Without such a time
 * there is no timer, and the state waits for its events alone.
 */
function delayUntil(input: FlowInput | undefined): number | undefined {
  if (input?.kind !== "event" || typeof input.data.until !== "string") return undefined;
  const delayMs = Date.parse(input.data.until) - Date.parse(input.time);
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}

function endedBy(input: FlowInput | undefined): string | undefined {
  if (input?.kind === "done" || input?.kind === "failed") return `invoke ${input.key}`;
  return input?.kind === "timer" ? `timer ${input.timerId}` : undefined;
}

/** What an ending effect ends. */
function beginningOf(effect: FlowEffect): string | undefined {
  if (effect.kind === "abandon") return `invoke ${effect.key}`;
  return effect.kind === "cancelTimer" ? `timer ${effect.timerId}` : undefined;
}

function withdraw(ending: FlowEffect, effects: FlowEffect[]): boolean {
  const ended = beginningOf(ending);
  if (ended === undefined) return false;
  const index = effects.findLastIndex((effect) => startedBy(effect) === ended);
  if (index < 0) return false;
  effects.splice(index, 1);
  return true;
}

function startedBy(effect: FlowEffect): string | undefined {
  if (effect.kind === "invoke" || effect.kind === "invokeFlow") return `invoke ${effect.key}`;
  return effect.kind === "timer" ? `timer ${effect.timerId}` : undefined;
}
