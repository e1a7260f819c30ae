/** The value of a snapshot: a name, or a mapping of names to values, as XState writes it. */

import type { StateValue } from "xstate";
import type { Json } from "../json.ts";
import { refuse } from "../refusal.ts";
import { childPath, type StateDefinition } from "./flow-definition.ts";

/** Dotted paths of the innermost active states. */
export function activeStates(value: Json, path = ""): string[] {
  if (typeof value === "string") return [childPath(path, value)];
  const parts = Object.entries(value as Record<string, Json>);
  if (parts.length === 0) return [path];
  return parts.flatMap(([key, inner]) => activeStates(inner, childPath(path, key)));
}

/**
 * Holds a value to the states of the flow: XState would quietly complete one that another version of the
 * flow wrote. `flow` names the flow and its version in the refusal.
 */
export function requireKnown(value: Json, root: StateDefinition, flow: string): StateValue {
  if (fits(value, root)) return value as StateValue;
  throw refuse(
    "Conflict",
    `flow ${flow} has no such combination of states: ${JSON.stringify(value)}`,
    "Load the version of the flow that the delivery began with, or move the delivery to a state of this one.",
  );
}

function fits(value: Json, state: StateDefinition): boolean {
  if (state.kind === "compound") {
    const [key, inner, ...others] = single(value);
    const child = state.states.find((candidate) => candidate.key === key);
    if (child === undefined || others.length > 0) return false;
    return isLeaf(child) ? inner === undefined : inner !== undefined && fits(inner, child);
  }
  if (!isMapping(value)) return false;
  const regions = state.kind === "parallel" ? state.states : [];
  if (Object.keys(value).length !== regions.length) return false;
  return regions.every((region) => {
    const inner = value[region.key];
    return inner !== undefined && fits(inner, region);
  });
}

/** The one active child of a compound state: its name, and what is active inside it. */
function single(value: Json): [string?, Json?, ...Json[]] {
  if (typeof value === "string") return [value];
  if (!isMapping(value)) return [];
  const [first, ...others] = Object.entries(value);
  return first === undefined ? [] : [first[0], first[1], ...others.map(([, inner]) => inner)];
}

function isLeaf(state: StateDefinition): boolean {
  return state.kind === "atomic" || state.kind === "final";
}

function isMapping(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
