/**
 * A flow as it was read: every target resolved to the dotted path of a state, every convention written
 * out (implicit final states, what follows an agent's end), so that compiler and drawings only follow it.
 */
import type { EventName } from "../event/event-catalogue.ts";
import type { RetryPolicy } from "./compiled-flow.ts";
import type { Position } from "./flow-problem.ts";
import type { GuardUse } from "./guards.ts";

export interface FlowDefinition {
  name: string;
  file: string;
  /** The file's text as it was read; its digest is the version that a delivery stays on. */
  text: string;
  version?: string | number;
  description?: string;
  /** Its path is empty. */
  root: StateDefinition;
}

export interface StateDefinition {
  /** The name within its parent. */
  key: string;
  /** `preparing.code.committing` */
  path: string;
  kind: "atomic" | "compound" | "parallel" | "final";
  description?: string;
  /** Path of the child that is entered by default; set where the kind is compound. */
  initial?: string;
  states: StateDefinition[];
  /** In order of preference. */
  transitions: TransitionDefinition[];
  invoke?: InvocationDefinition;
  /** Events that the flow itself states on entry. */
  emit: EventName[];
  tags: string[];
  /** True where a convention made it and the file does not show it. */
  implicit: boolean;
  position: Position;
}

export type InvocationDefinition =
  | { kind: "agent"; agentId: string; skillId: string; retry: RetryPolicy }
  | { kind: "flow"; flow: string };

export interface TransitionDefinition {
  trigger: Trigger;
  /** Path of a state. */
  target: string;
  guard?: GuardUse;
  reenter: boolean;
  implicit: boolean;
  position: Position;
}

export type Trigger =
  /** `artifact`: only where the event says that this artifact was written. */
  | { kind: "event"; name: EventName; artifact?: string }
  /** The invocation of the state ended well, or not. */
  | { kind: "done" }
  | { kind: "failed" }
  /** The states inside have reached a final one (each region, where they are parallel). */
  | { kind: "completed" }
  | { kind: "after"; delayMs: number }
  /** At the time that `data.until` of the entering event names. */
  | { kind: "until" }
  | { kind: "always" };

/** The state and all states inside it, outer before inner, in the order of the file. */
export function allStates(state: StateDefinition): StateDefinition[] {
  return [state, ...state.states.flatMap(allStates)];
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

export function childPath(parent: string, key: string): string {
  return parent === "" ? key : `${parent}.${key}`;
}

export function isInside(path: string, ancestor: string): boolean {
  return path !== ancestor && (ancestor === "" || path.startsWith(`${ancestor}.`));
}
