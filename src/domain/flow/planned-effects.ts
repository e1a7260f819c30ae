/** What entering and leaving a state asks for, known when the flow is compiled. */
import type { FlowEffect } from "./compiled-flow.ts";
import type { PlannedEffect } from "./effects.ts";
import type { StateDefinition, Trigger } from "./flow-definition.ts";

export function plannedEffects(state: StateDefinition): { entry: PlannedEffect[]; exit: PlannedEffect[] } {
  const timers = timersOf(state);
  const begin = beginInvocation(state);
  return {
    entry: [
      ...state.emit.map((name): FlowEffect => ({ kind: "emit", name })),
      ...timers,
      ...(begin === undefined ? [] : [begin]),
    ],
    exit: [
      ...timers.map(({ timerId }): FlowEffect => ({ kind: "cancelTimer", timerId })),
      ...(begin === undefined ? [] : [{ kind: "abandon", key: state.path } satisfies FlowEffect]),
    ],
  };
}

/** Stable for as long as the state keeps its name and the timer its duration. */
export function timerIdOf(trigger: Extract<Trigger, { kind: "after" | "until" }>, path: string): string {
  return `${path}#${trigger.kind === "after" ? trigger.delayMs : "until"}`;
}

function timersOf(
  state: StateDefinition,
): Extract<PlannedEffect, { timerId: string; kind: "timer" | "timerUntil" }>[] {
  const timers = new Map<string, ReturnType<typeof timersOf>[number]>();
  for (const { trigger } of state.transitions) {
    if (trigger.kind !== "after" && trigger.kind !== "until") continue;
    const timerId = timerIdOf(trigger, state.path);
    timers.set(
      timerId,
      trigger.kind === "after"
        ? { kind: "timer", timerId, delayMs: trigger.delayMs }
        : { kind: "timerUntil", timerId },
    );
  }
  return [...timers.values()];
}

function beginInvocation({ invoke, path }: StateDefinition): FlowEffect | undefined {
  if (invoke === undefined) return undefined;
  const at = { key: path, state: path };
  if (invoke.kind === "flow") return { kind: "invokeFlow", ...at, flow: invoke.flow };
  return { ...at, ...invoke, kind: "invoke" };
}
