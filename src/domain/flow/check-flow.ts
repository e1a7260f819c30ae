/** What a flow must not be: a state that nothing reaches, a state that nothing leaves, a circle without rest. */
import {
  allStates,
  type FlowDefinition,
  isInside,
  parentPath,
  type StateDefinition,
} from "./flow-definition.ts";
import type { Report } from "./flow-problem.ts";

export function checkFlow(definition: FlowDefinition, report: Report): void {
  const states = new Map(allStates(definition.root).map((state) => [state.path, state]));
  reportUnreachable(states, report);
  for (const state of states.values()) {
    reportNoExit(state, states, report);
    reportIdle(state, report);
  }
  reportCircles(states, report);
}

type States = ReadonlyMap<string, StateDefinition>;

function reportUnreachable(states: States, report: Report): void {
  const reached = reachable(states);
  for (const state of states.values()) {
    if (reached.has(state.path) || state.implicit) continue;
    if (!reached.has(parentPath(state.path))) continue;
    report(
      state.position,
      `"${state.key}" is unreachable: no transition leads here; name it as a target, or remove it`,
    );
  }
}

/** Paths of all states that some run can be in, whatever the guards say. */
function reachable(states: States): Set<string> {
  const reached = new Set<string>();
  const waiting: StateDefinition[] = [];
  const add = (state: StateDefinition) => {
    if (reached.has(state.path)) return;
    reached.add(state.path);
    waiting.push(state);
  };
  const enter = (state: StateDefinition) => {
    for (const ancestor of ancestors(state, states)) {
      add(ancestor);
      if (ancestor.kind === "parallel")
        for (const region of ancestor.states) enterDefault(region, states).forEach(add);
    }
    enterDefault(state, states).forEach(add);
  };
  const root = states.get("");
  if (root !== undefined) enter(root);
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    for (const { target, trigger } of state.transitions) {
      const next = states.get(target);
      if (next !== undefined && (trigger.kind !== "completed" || canComplete(state))) enter(next);
    }
  }
  return reached;
}

function ancestors(state: StateDefinition, states: States): StateDefinition[] {
  return [...states.values()].filter(({ path }) => isInside(state.path, path));
}

function enterDefault(state: StateDefinition, states: States): StateDefinition[] {
  if (state.kind === "parallel")
    return [state, ...state.states.flatMap((region) => enterDefault(region, states))];
  const initial = state.initial === undefined ? undefined : states.get(state.initial);
  return initial === undefined ? [state] : [state, ...enterDefault(initial, states)];
}

function canComplete(state: StateDefinition): boolean {
  if (state.kind === "parallel")
    return state.states.every((region) => region.kind === "final" || canComplete(region));
  return state.states.some(({ kind }) => kind === "final");
}

function reportNoExit(state: StateDefinition, states: States, report: Report): void {
  if (state.transitions.some(({ trigger }) => trigger.kind === "completed") && !canComplete(state)) {
    report(state.position, `onDone of "${state.key}" is never taken: not every part of it has a final state`);
  }
  if (state.kind === "atomic" && !canLeave(state, states)) {
    const timed = state.transitions.some(({ trigger }) => trigger.kind === "until");
    const why = timed
      ? `"until" sets no timer where an event names no time; add an on:`
      : "it has no transition";
    report(
      state.position,
      `"${state.key}" is a state without exit: ${why}`,
      timed ? undefined : "type: final",
    );
  }
  if (state.kind === "final" && !endLeads(state, states)) {
    report(
      state.position,
      `"${state.key}" ends its part of the flow for good: "${parentPath(state.path)}" has no onDone and no other exit`,
    );
  }
}

/** By a transition of its own or of a state around it, other than one that needs this state to be final. */
function canLeave(state: StateDefinition, states: States): boolean {
  return [state, ...ancestors(state, states)].some(({ transitions }) =>
    transitions.some(({ trigger }) => trigger.kind !== "until" && trigger.kind !== "completed"),
  );
}

/** Whether the end of a state ends the flow, or leads on. */
function endLeads(state: StateDefinition, states: States): boolean {
  const parent = states.get(parentPath(state.path));
  if (parent === undefined || parent.path === "") return true;
  if (parent.transitions.some(({ trigger }) => trigger.kind === "completed")) return true;
  if (canLeave(parent, states)) return true;
  const around = states.get(parentPath(parent.path));
  return around?.kind === "parallel" && (around.path === "" || endLeads(parent, states));
}

function reportIdle(state: StateDefinition, report: Report): void {
  if (state.kind !== "atomic") return;
  for (const { target, reenter, position } of state.transitions) {
    if (target !== state.path || reenter) continue;
    report(
      position,
      `"${state.key}" leads to itself and would stay as it is; to enter it again, say so`,
      `{target: ${state.key}, reenter: true}`,
    );
  }
}

/** A circle of transitions that wait for nothing would turn for ever. */
function reportCircles(states: States, report: Report): void {
  const settled = new Set<string>();
  const visit = (state: StateDefinition, above: string[]): boolean => {
    if (settled.has(state.path)) return false;
    const turn = above.indexOf(state.path);
    if (turn >= 0) {
      const circle = [...above.slice(turn), state.path].map((path) => `"${path}"`).join(" -> ");
      report(
        state.position,
        `a circle that waits for nothing: ${circle}; let one of these wait for an event`,
      );
      return true;
    }
    const found = atOnce(state, states).some((next) => visit(next, [...above, state.path]));
    settled.add(state.path);
    return found;
  };
  for (const state of states.values()) visit(state, []);
}

/** The leaves that entering this state may lead to without waiting. */
function atOnce(state: StateDefinition, states: States): StateDefinition[] {
  const inner = enterDefault(state, states).filter(({ path }) => path !== state.path);
  const onward = [state, ...ancestors(state, states)].flatMap(({ transitions }) =>
    transitions.filter(({ trigger }) => trigger.kind === "always"),
  );
  const ended = endsAtOnce(state, states)
    ? state.transitions.filter(({ trigger }) => trigger.kind === "completed")
    : [];
  return [...inner, ...[...onward, ...ended].flatMap(({ target }) => states.get(target) ?? [])];
}

function endsAtOnce(state: StateDefinition, states: States): boolean {
  if (state.kind === "final") return true;
  if (state.kind === "parallel") return state.states.every((region) => endsAtOnce(region, states));
  const first = state.initial === undefined ? undefined : states.get(state.initial);
  if (first === undefined) return false;
  const next = first.transitions
    .filter(({ trigger }) => trigger.kind === "always")
    .map(({ target }) => states.get(target));
  return [first, ...next].some((entered) => entered?.kind === "final");
}
