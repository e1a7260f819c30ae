/** A definition as pure transitions on a snapshot of plain JSON; the machine behind it is made once. */
import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type ExecutableActionObject,
  initialTransition,
} from "xstate";
import { sha256 } from "../canonical-json.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { Json } from "../json.ts";
import type { CompiledFlow, FlowContext, FlowInput, FlowSnapshot, FlowStep } from "./compiled-flow.ts";
import { effectsOf, type PlannedEffect } from "./effects.ts";
import { allStates, type FlowDefinition, parentPath, type StateDefinition } from "./flow-definition.ts";
import { guardCouldPass } from "./guards.ts";
import { createFlowMachine, type MachineContext } from "./machine.ts";
import { eventType, inputType } from "./machine-events.ts";
import { activeStates, requireKnown } from "./state-value.ts";

export function compileFlow(definition: FlowDefinition): CompiledFlow {
  const machine = createFlowMachine(definition);
  const states = new Map(allStates(definition.root).map((state) => [state.path, state]));
  const digest = sha256(definition.text);
  const heard = heardIn(states.values());
  const transition = pureTransition(machine);
  const restore = (snapshot: FlowSnapshot, context: MachineContext): AnyMachineSnapshot => {
    const value = requireKnown(
      snapshot.value,
      definition.root,
      `${definition.name} (${digest.slice(0, 19)})`,
    );
    return machine.resolveState({ value, context });
  };

  return {
    name: definition.name,
    digest,
    text: definition.text,
    start(context) {
      return toStep(initialTransition(machine, { flow: context, input: undefined }), undefined);
    },
    send(snapshot, context, input) {
      // Most events are evidence and no signal: no state anywhere listens for them.
      if (input.kind === "event" && !heard.has(input.name)) return { snapshot, moved: false, effects: [] };
      const at = restore(snapshot, { flow: context, input });
      const event = { type: inputType(input) };
      const idle = at.status === "done" || machine.getTransitionData(at, event).length === 0;
      return idle ? { snapshot, moved: false, effects: [] } : toStep(transition(at, event.type), input);
    },
    restart(snapshot, context, state) {
      if (state === "" || !states.has(state)) return undefined;
      const at = restore(snapshot, { flow: context, input: undefined });
      // A person may take up a flow that has ended; XState would let nothing follow in it.
      const awake = Object.assign(at, { status: "active" as const });
      return toStep(transition(awake, eventType.restart(state)), undefined);
    },
    settled(snapshot) {
      return activeStates(snapshot.value).every((state) => states.get(state)?.tags.includes("settled"));
    },
    outlives(snapshot) {
      const tagged = (tags: string[] = []) => tags.includes("settled") || tags.includes("finishing");
      return activeStates(snapshot.value).every((state) => tagged(states.get(state)?.tags));
    },
    active(snapshot) {
      requireKnown(snapshot.value, definition.root, definition.name);
      return activeStates(snapshot.value);
    },
    accepts(snapshot, context) {
      return restore(snapshot, { flow: context, input: undefined }).status === "done"
        ? []
        : acceptedBy(activeStates(snapshot.value), states, context);
    },
  };
}

type Transition = (at: AnyMachineSnapshot, type: string) => [AnyMachineSnapshot, { params: unknown }[]];

/**
 * XState's own `transition`, but for the actor around it: that one is made for each call, and enters the
 * machine's initial state each time for nothing, because our machines neither spawn nor send.
 */
function pureTransition(machine: AnyStateMachine): Transition {
  const self = createActor(machine);
  return (at, type) => {
    const actions: ExecutableActionObject[] = [];
    const scope: AnyActorScope = {
      self,
      system: self.system,
      id: "",
      sessionId: "",
      logger: () => undefined,
      defer: () => undefined,
      emit: () => undefined,
      stopChild: () => undefined,
      actionExecutor: (action) => void actions.push(action),
    };
    return [machine.transition(at, { type }, scope), actions];
  };
}

function heardIn(states: Iterable<StateDefinition>): ReadonlySet<EventName> {
  const heard = new Set<EventName>();
  for (const { transitions } of states)
    for (const { trigger } of transitions) if (trigger.kind === "event") heard.add(trigger.name);
  return heard;
}

function toStep(
  [next, actions]: [AnyMachineSnapshot, { params: unknown }[]],
  input: FlowInput | undefined,
): FlowStep {
  if (next.status === "error") throw next.error;
  const planned = actions.map(({ params }) => params as PlannedEffect);
  return {
    snapshot: { value: next.value as Json, status: next.status === "done" ? "done" : "active" },
    moved: true,
    effects: effectsOf(planned, input),
  };
}

/** Inner states first; an event whose guard looks at its data counts, because some such event passes. */
function acceptedBy(
  active: string[],
  states: ReadonlyMap<string, StateDefinition>,
  context: FlowContext,
): EventName[] {
  const names = new Set<EventName>();
  for (const leaf of active) {
    for (let path = leaf; path !== ""; path = parentPath(path)) {
      for (const { trigger, guard } of states.get(path)?.transitions ?? []) {
        if (trigger.kind !== "event") continue;
        if (guard === undefined || guardCouldPass(guard, context)) names.add(trigger.name);
      }
    }
  }
  return [...names];
}
