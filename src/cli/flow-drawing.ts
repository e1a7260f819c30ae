/**
 * A flow as a drawing for the terminal: the tree of states, and under each what leads where. Box layouts
 * were tried (beautiful-mermaid): with forty arrows they are wider than any terminal and misplace states.
 */
import picocolors from "picocolors";
import { formatDuration } from "../domain/flow/duration.ts";
import {
  type FlowDefinition,
  type InvocationDefinition,
  parentPath,
  type StateDefinition,
} from "../domain/flow/flow-definition.ts";
import { invocationLabel, transitionLabel } from "../domain/flow/labels.ts";

export interface DrawingOptions {
  /** Columns; 100 where nothing is given. */
  width?: number;
  color?: boolean;
  /** Dotted paths of the active states. */
  active?: readonly string[];
}

export function drawFlow(definition: FlowDefinition, options: DrawingOptions = {}): string {
  const pen: Pen = {
    width: Math.max(40, options.width ?? 100),
    active: options.active ?? [],
    ...picocolors.createColors(options.color ?? false),
  };
  const version = definition.version === undefined ? "" : pen.dim(`  version ${definition.version}`);
  const here = pen.active.length === 0 ? "" : `   ${pen.green("●")} now`;
  return [
    `${pen.bold(definition.name)}${version}`,
    ...wrap(definition.description ?? "", pen.width).map(pen.dim),
    `${pen.dim("▷ begins   ○ state   ◎ end   ═ all at once")}${here}`,
    "",
    ...drawStates(definition.root, "", pen),
    "",
  ].join("\n");
}

interface Pen extends Pick<ReturnType<typeof picocolors.createColors>, "bold" | "dim" | "green" | "cyan"> {
  width: number;
  active: readonly string[];
}

function drawStates(parent: StateDefinition, guide: string, pen: Pen): string[] {
  return parent.states.flatMap((state) => [
    ...drawName(state, parent, guide, pen),
    ...drawText(state, guide, pen),
    ...drawTransitions(state, guide, pen),
    ...drawStates(state, `${guide}${state.kind === "parallel" ? "║" : "│"} `, pen),
  ]);
}

/** What the state does stands beside its name where there is room, else below it. */
function drawName(state: StateDefinition, parent: StateDefinition, guide: string, pen: Pen): string[] {
  const active = pen.active.some((path) => path === state.path || path.startsWith(`${state.path}.`));
  const name = active ? pen.bold(pen.green(state.key)) : pen.bold(state.key);
  const sign = active ? pen.green("●") : signOf(state, parent);
  const line = `${pen.dim(guide)}${sign} ${name}`;
  const does = [
    ...(state.invoke === undefined ? [] : [invocationLabel(state.invoke), ...retryText(state.invoke)]),
    ...(state.emit.length === 0 ? [] : [`states ${state.emit.join(", ")}`]),
  ];
  if (does.length === 0) return [line];
  const room = pen.width - guide.length - 2 - state.key.length;
  if (does.join("  ").length + 2 <= room) return [`${line}  ${pen.cyan(does.join("  "))}`];
  return [line, ...does.map((text) => `${pen.dim(inner(state, guide))}${pen.cyan(text)}`)];
}

function signOf(state: StateDefinition, parent: StateDefinition): string {
  if (state.kind === "parallel") return "═";
  if (state.kind === "final") return "◎";
  return parent.initial === state.path && !parent.implicit ? "▷" : "○";
}

function retryText(invoke: InvocationDefinition): string[] {
  if (invoke.kind !== "agent" || invoke.retry.limit === 0) return [];
  return [`retries ${invoke.retry.limit}, from ${formatDuration(invoke.retry.backoffMs)}`];
}

function drawText(state: StateDefinition, guide: string, pen: Pen): string[] {
  if (state.description === undefined) return [];
  const room = pen.width - guide.length - 4;
  return wrap(state.description, room).map((line) => pen.dim(`${inner(state, guide)}${line}`));
}

function drawTransitions(state: StateDefinition, guide: string, pen: Pen): string[] {
  const byTarget = Map.groupBy(state.transitions, ({ target }) => shortPath(target, state));
  return [...byTarget].flatMap(([target, transitions]) => {
    const words = transitions.map((transition) => shortLabel(transition, state)).join(", ");
    const lines = wrap(words, Math.max(20, pen.width - guide.length - 7 - target.length));
    return lines.map((line, index) => {
      const arrow = index === lines.length - 1 ? ` ${pen.dim("→")} ${target}` : "";
      return `${pen.dim(inner(state, guide))}${line}${arrow}`;
    });
  });
}

/** A state beside this one by its name alone. */
function shortPath(target: string, from: StateDefinition): string {
  const parent = parentPath(from.path);
  return parentPath(target) === parent && parent !== "" ? target.slice(parent.length + 1) : target;
}

/** The line above names the agent already. */
function shortLabel(transition: StateDefinition["transitions"][number], state: StateDefinition): string {
  const { kind } = transition.trigger;
  return kind === "done" || kind === "failed" ? kind : transitionLabel(transition, state);
}

function inner(state: StateDefinition, guide: string): string {
  if (state.states.length === 0) return `${guide}    `;
  return `${guide}${state.kind === "parallel" ? "║" : "│"}   `;
}

function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
