/**
 * What a flow file need not write (docs/reference/flow-files.md): where an agent's end leads, final
 * states named after events, and the rest after a failure. Resolves every target to the path of a state.
 */
import type { AgentManifest } from "../agent/manifest.ts";
import { type EventName, eventCatalogue } from "../event/event-catalogue.ts";
import {
  allStates,
  childPath,
  parentPath,
  type StateDefinition,
  type TransitionDefinition,
} from "./flow-definition.ts";
import { closest, type Report } from "./flow-problem.ts";

interface Conventions {
  agents: ReadonlyMap<string, AgentManifest>;
  report: Report;
}

/** Where a step rests whose agent failed, unless the flow says otherwise. */
const failureState = "agent_failed";

/** What a person may ask for that takes a failed step up again, where its agent listens for it. */
const requests: ReadonlySet<EventName> = new Set<EventName>([
  "StudioCommitRequest",
  "StudioPRAction",
  "RebuildPipelineRequested",
  "ProvisionRequested",
  "DeployRequested",
  "RollbackRequested",
  "HotfixApproved",
]);

/** `DeploymentCompleted` is `deployment_completed`, `StudioPRAction` is `studio_pr_action`. */
export function snakeCase(event: string): string {
  return event
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

const stateNamesOfEvents: ReadonlySet<string> = new Set(Object.keys(eventCatalogue).map(snakeCase));

/** Completes the tree in place. */
export function applyConventions(root: StateDefinition, conventions: Conventions): void {
  const states = new Map(allStates(root).map((state) => [state.path, state]));
  const written = [...states.values()];
  const suggest = suggester(states);
  for (const state of written) resolveTargets(state, states, { ...conventions, suggest });
  for (const state of written) addEnds(state, states, conventions);
}

type States = Map<string, StateDefinition>;

interface Resolving extends Conventions {
  suggest(target: string): string | undefined;
}

function resolveTargets(state: StateDefinition, states: States, { report, suggest }: Resolving): void {
  for (const transition of state.transitions) {
    const target = find(transition.target, state, states) ?? finalState(transition.target, state, states);
    if (target === undefined) {
      const message = `there is no state "${transition.target}", nor an event that would name a final one`;
      report(transition.position, message, suggest(transition.target));
      continue;
    }
    transition.target = target.path;
  }
}

/** Beside the state first, then further out; `.name` is inside it. */
function find(target: string, from: StateDefinition, states: States): StateDefinition | undefined {
  if (target.startsWith(".")) return states.get(childPath(from.path, target.slice(1)));
  let scope = from.path;
  while (scope !== "") {
    scope = parentPath(scope);
    const found = states.get(childPath(scope, target));
    if (found !== undefined) return found;
  }
  return undefined;
}

function finalState(name: string, from: StateDefinition, states: States): StateDefinition | undefined {
  if (!stateNamesOfEvents.has(name)) return undefined;
  return addState(name, from, states, "final");
}

/** Adds a state beside the given one, or further out where that is a region of a parallel state. */
function addState(
  key: string,
  beside: StateDefinition,
  states: States,
  kind: StateDefinition["kind"],
): StateDefinition | undefined {
  let parent = states.get(parentPath(beside.path));
  while (parent?.kind === "parallel" && parent.path !== "") parent = states.get(parentPath(parent.path));
  if (parent === undefined || parent.kind === "parallel") return undefined;
  return states.get(childPath(parent.path, key)) ?? addChild(parent, { key, kind, for: beside }, states);
}

function addChild(
  parent: StateDefinition,
  added: { key: string; kind: StateDefinition["kind"]; for: StateDefinition },
  states: States,
): StateDefinition {
  const { key, kind } = added;
  const blank = { states: [], transitions: [], emit: [], tags: [] };
  const path = childPath(parent.path, key);
  const state: StateDefinition = { key, path, kind, ...blank, implicit: true, position: added.for.position };
  parent.states.push(state);
  states.set(path, state);
  return state;
}

function addEnds(state: StateDefinition, states: States, conventions: Conventions): void {
  if (state.invoke?.kind !== "agent") return;
  const agent = conventions.agents.get(state.invoke.agentId);
  if (agent === undefined) return;
  if (!has(state, "done") && !listensFor(state, agent.outcomes.done))
    addDone(state, agent, states, conventions);
  if (!has(state, "failed")) addFailed(state, agent, states, conventions);
}

function addDone(
  state: StateDefinition,
  agent: AgentManifest,
  states: States,
  { report }: Conventions,
): void {
  const name = snakeCase(agent.outcomes.done);
  const target = find(name, state, states) ?? finalState(name, state, states);
  if (target !== undefined && target !== state) {
    state.transitions.push(implied({ kind: "done" }, target, state));
    return;
  }
  report(
    state.position,
    `"${state.key}" needs an onDone: ${agent.agentId} ends with ${agent.outcomes.done}, which would lead back here`,
  );
}

function addFailed(
  state: StateDefinition,
  agent: AgentManifest,
  states: States,
  { report }: Conventions,
): void {
  const outcome = agent.outcomes.failed;
  const named = outcome === undefined ? undefined : find(snakeCase(outcome), state, states);
  const written = [named, find(failureState, state, states)].find(
    (candidate) => candidate !== undefined && candidate !== state && !isRest(candidate),
  );
  const target = written ?? rest(state, agent, states);
  if (target === undefined)
    report(state.position, `"${state.key}" needs an onError: no state ${failureState} can stand beside it`);
  else state.transitions.push(implied({ kind: "failed" }, target, state));
}

function isRest(state: StateDefinition): boolean {
  return state.implicit && state.key === failureState;
}

/** `agent_failed.<state>`: it remembers which step failed, and a request takes that step up again. */
function rest(state: StateDefinition, agent: AgentManifest, states: States): StateDefinition | undefined {
  const failed = addState(failureState, state, states, "compound");
  if (failed === undefined || !failed.implicit) return undefined;
  const within = parentPath(failed.path);
  const key = (within === "" ? state.path : state.path.slice(within.length + 1)).replaceAll(".", "-");
  const resting = addChild(failed, { key, kind: "atomic", for: state }, states);
  failed.initial ??= resting.path;
  const taken: EventName[] = ["RetryDelayed", ...agent.triggers.filter((trigger) => requests.has(trigger))];
  for (const name of taken) resting.transitions.push(implied({ kind: "event", name }, state, resting));
  return resting;
}

function implied(
  trigger: TransitionDefinition["trigger"],
  target: StateDefinition,
  from: StateDefinition,
): TransitionDefinition {
  return { trigger, target: target.path, reenter: false, implicit: true, position: from.position };
}

function has(state: StateDefinition, kind: TransitionDefinition["trigger"]["kind"]): boolean {
  return state.transitions.some(({ trigger }) => trigger.kind === kind);
}

function listensFor(state: StateDefinition, event: EventName): boolean {
  return state.transitions.some(({ trigger }) => trigger.kind === "event" && trigger.name === event);
}

/** For the first hundred: beyond, only the time of whoever sent the file would be spent. */
function suggester(states: States): (target: string) => string | undefined {
  const paths = [...states.values()].filter(({ path }) => path !== "");
  const candidates = new Set([...paths.map(({ key }) => key), ...paths.map(({ path }) => path)]);
  let asked = 0;
  return (target) => (++asked > 100 ? undefined : closest(target, candidates));
}
