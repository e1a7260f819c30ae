/**
 * A flow as a Mermaid state diagram. Mermaid draws no arrow between the insides of two composite states:
 * such an arrow joins the outer ones, and its label names the inner.
 */
import {
  allStates,
  type FlowDefinition,
  isInside,
  parentPath,
  type StateDefinition,
} from "./flow-definition.ts";
import { invocationLabel, transitionLabel } from "./labels.ts";

export function toMermaid(definition: FlowDefinition): string {
  const drawing = { ids: idsOf(definition.root), root: definition.root };
  return ["stateDiagram-v2", ...indent(drawInside(definition.root, drawing)), ""].join("\n");
}

interface Drawing {
  root: StateDefinition;
  ids: ReadonlyMap<string, string>;
}

interface Arrow {
  ends: string;
  label: string;
}

function drawInside(state: StateDefinition, drawing: Drawing): string[] {
  if (state.kind === "parallel") return drawRegions(state, drawing);
  const begins =
    state.initial === undefined || state.implicit ? [] : [`[*] --> ${id(state.initial, drawing)}`];
  const arrows = joined(allStates(state).flatMap((from) => arrowsOf(from, state, drawing)));
  return [...begins, ...state.states.flatMap((child) => drawState(child, drawing)), ...arrows];
}

/** What leads from one region to another leaves the parallel state and is drawn outside it. */
function drawRegions(state: StateDefinition, drawing: Drawing): string[] {
  return state.states.flatMap((region, index) => [
    ...(index === 0 ? [] : ["--"]),
    ...drawState(region, drawing),
  ]);
}

function drawState(state: StateDefinition, drawing: Drawing): string[] {
  const name = id(state.path, drawing);
  if (state.states.length > 0) {
    return [`state "${state.key}" as ${name} {`, ...indent(drawInside(state, drawing)), "}"];
  }
  const lines = [`${name} : ${state.key}`];
  if (state.invoke !== undefined) lines.push(`${name} : ${invocationLabel(state.invoke)}`);
  if (state.emit.length > 0) lines.push(`${name} : states ${state.emit.join(", ")}`);
  if (state.kind === "final") lines.push(`${name} --> [*]`);
  return lines;
}

/** The arrows from a state whose ends both lie within `scope`, and in no state inside it. */
function arrowsOf(from: StateDefinition, scope: StateDefinition, drawing: Drawing): Arrow[] {
  return from.transitions.flatMap((transition) => {
    if (scopeOf(from.path, transition.target, drawing.root) !== scope.path) return [];
    const [tail, head] = [within(from.path, scope.path), within(transition.target, scope.path)];
    const inner = [
      tail === from.path ? "" : ` from ${from.key}`,
      head === transition.target ? "" : ` to ${transition.target.slice(head.length + 1)}`,
    ].join("");
    const ends = `${id(tail, drawing)} --> ${id(head, drawing)}`;
    return [{ ends, label: `${transitionLabel(transition, from)}${inner}` }];
  });
}

/** One arrow for all that leads from one state to another, so that the picture stays readable. */
function joined(arrows: Arrow[]): string[] {
  const byEnds = Map.groupBy(arrows, ({ ends }) => ends);
  return [...byEnds].map(([ends, same]) => `${ends} : ${same.map(({ label }) => label).join(", ")}`);
}

/** The innermost state that is not parallel and contains both. */
function scopeOf(from: string, to: string, root: StateDefinition): string {
  const parallel = new Set(allStates(root).flatMap(({ kind, path }) => (kind === "parallel" ? [path] : [])));
  let scope = parentPath(from);
  while (scope !== "" && (parallel.has(scope) || !isInside(to, scope))) scope = parentPath(scope);
  return scope;
}

/** The child of `scope` that a path leads through. */
function within(path: string, scope: string): string {
  const rest = scope === "" ? path : path.slice(scope.length + 1);
  const [first = ""] = rest.split(".");
  return scope === "" ? first : `${scope}.${first}`;
}

const reserved = new Set([
  "end",
  "state",
  "note",
  "class",
  "classdef",
  "direction",
  "style",
  "default",
  "root",
]);

/** The state's own name where it is the only one of that name, else its path. */
function idsOf(root: StateDefinition): Map<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { path, key } of allStates(root)) {
    const own = key.replaceAll("-", "_");
    let free = taken.has(own) || reserved.has(own.toLowerCase()) ? path.replaceAll(/[.-]/g, "__") : own;
    while (taken.has(free) || reserved.has(free.toLowerCase())) free = `${free}_`;
    taken.add(free);
    ids.set(path, free);
  }
  return ids;
}

function id(path: string, { ids }: Drawing): string {
  return ids.get(path) ?? path;
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
