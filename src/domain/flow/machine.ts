/**
 * A definition as an XState machine. Invocations and timers are entry and exit actions of our own with
 * plain parameters and not XState's invoke and after: after a restore from JSON its stop of a child no
 * longer says which, and a failure that no state handles would end the whole machine.
 */
import { type AnyStateMachine, createMachine } from "xstate";
import type { FlowContext, FlowInput } from "./compiled-flow.ts";
import type { PlannedEffect } from "./effects.ts";
import type { FlowDefinition, StateDefinition, TransitionDefinition, Trigger } from "./flow-definition.ts";
import { guardPasses } from "./guards.ts";
import { eventType, machineId, stateAddress } from "./machine-events.ts";
import { type Restarts, restartsOf } from "./machine-restarts.ts";
import { plannedEffects, timerIdOf } from "./planned-effects.ts";

/** XState's context while one input is handled; it is not part of the snapshot that is kept. */
export interface MachineContext {
  flow: FlowContext;
  input: FlowInput | undefined;
}

export function createFlowMachine(definition: FlowDefinition): AnyStateMachine {
  const config: Record<string, unknown> = {
    id: machineId,
    context: ({ input }: { input: MachineContext }) => input,
    // Circles are refused when the file is read; this is the net below.
    options: { maxIterations: 1_000 },
    ...stateConfig(definition.root, restartsOf(definition.root)),
  };
  return createMachine(config);
}

interface TransitionConfig {
  target: string;
  reenter: boolean;
  guard?: (args: { context: MachineContext }) => boolean;
}

function stateConfig(state: StateDefinition, restarts: Restarts): Record<string, unknown> {
  const { entry, exit } = plannedEffects(state);
  const children = state.states.map((child) => [child.key, stateConfig(child, restarts)] as const);
  return {
    ...(state.kind === "parallel" || state.kind === "final" ? { type: state.kind } : {}),
    ...(children.length === 0 ? {} : { states: Object.fromEntries(children) }),
    ...(state.initial === undefined ? {} : { initial: state.initial.split(".").at(-1) }),
    on: { ...inputTransitions(state), ...restarts.get(state.path) },
    onDone: transitionsOn(state, "completed"),
    always: transitionsOn(state, "always"),
    entry: entry.map(toAction),
    exit: exit.map(toAction),
  };
}

function inputTransitions(state: StateDefinition): Record<string, TransitionConfig[]> {
  const on: Record<string, TransitionConfig[]> = {};
  for (const transition of state.transitions) {
    const type = typeOf(transition.trigger, state.path);
    if (type !== undefined) on[type] = [...(on[type] ?? []), toConfig(transition)];
  }
  return on;
}

function transitionsOn(state: StateDefinition, kind: "completed" | "always"): TransitionConfig[] | undefined {
  const chosen = state.transitions.filter(({ trigger }) => trigger.kind === kind);
  return chosen.length === 0 ? undefined : chosen.map(toConfig);
}

function typeOf(trigger: Trigger, path: string): string | undefined {
  switch (trigger.kind) {
    case "event":
      return trigger.name;
    case "done":
    case "failed":
      return eventType[trigger.kind](path);
    case "after":
    case "until":
      return eventType.timer(timerIdOf(trigger, path));
    case "completed":
    case "always":
      return undefined;
  }
}

function toConfig({ target, reenter, guard, trigger }: TransitionDefinition): TransitionConfig {
  const artifact = trigger.kind === "event" ? trigger.artifact : undefined;
  const config = { target: stateAddress(target), reenter };
  if (guard === undefined && artifact === undefined) return config;
  return {
    ...config,
    guard: ({ context: { flow, input } }) =>
      (artifact === undefined || isWriteOf(artifact, input)) &&
      (guard === undefined || guardPasses(guard, flow, input)),
  };
}

function isWriteOf(artifact: string, input: FlowInput | undefined): boolean {
  return input?.kind === "event" && input.data.name === artifact;
}

function toAction(effect: PlannedEffect): { type: string; params: PlannedEffect } {
  return { type: effect.kind, params: effect };
}
