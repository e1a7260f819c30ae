/** A flow as nodes and edges, for a program that lays them out. */
import {
  allStates,
  type FlowDefinition,
  isInside,
  parentPath,
  type StateDefinition,
} from "./flow-definition.ts";
import { invocationLabel, transitionLabel } from "./labels.ts";

export interface FlowPicture {
  flow: string;
  digest: string;
  description?: string;
  nodes: FlowNode[];
  edges: FlowEdge[];
}

export interface FlowNode {
  /** Dotted path of the state. */
  id: string;
  label: string;
  kind: "state" | "group" | "parallel" | "final";
  /** The state that it lies in; absent at the top. */
  parent?: string;
  /** Where its parent begins. */
  initial: boolean;
  /** `code-committer CommitModule`, or `flow environment`. */
  does?: string;
  description?: string;
}

export interface FlowEdge {
  id: string;
  from: string;
  to: string;
  /** Everything that leads along it: `code-committer done`, `ApprovalGranted`. */
  labels: string[];
  /** It is taken where something went wrong. */
  failure: boolean;
}

export function pictureOf(definition: FlowDefinition, digest: string): FlowPicture {
  const states = allStates(definition.root).filter(({ path }) => path !== "");
  const parents = new Map(
    allStates(definition.root).flatMap((parent) => parent.states.map((state) => [state.path, parent])),
  );
  return {
    flow: definition.name,
    digest,
    ...(definition.description !== undefined && { description: definition.description }),
    nodes: states.map((state) => nodeOf(state, parents.get(state.path))),
    edges: states.flatMap(edgesOf),
  };
}

/** Whether the way between two innermost states leads along the edge. */
export function isAlong({ from, to }: FlowEdge, way: string): boolean {
  const [origin = "", target = ""] = way.split(" ");
  return isAt(origin, from) && isAt(target, to);
}

function isAt(path: string, state: string): boolean {
  return path === state || isInside(path, state);
}

function nodeOf(state: StateDefinition, parent: StateDefinition | undefined): FlowNode {
  const inside = parentPath(state.path);
  const does = state.invoke === undefined ? undefined : invocationLabel(state.invoke);
  return {
    id: state.path,
    label: state.key.replaceAll(/[_-]/g, " "),
    kind: kindOf(state),
    ...(inside !== "" && { parent: inside }),
    initial: parent?.initial === state.path && !parent.implicit,
    ...(does !== undefined && { does }),
    ...(state.description !== undefined && { description: state.description }),
  };
}

function kindOf({ kind, states }: StateDefinition): FlowNode["kind"] {
  if (kind === "parallel" || kind === "final") return kind;
  return states.length > 0 ? "group" : "state";
}

/** One for all that leads from one state to another. */
function edgesOf(state: StateDefinition): FlowEdge[] {
  const byTarget = Map.groupBy(state.transitions, ({ target }) => target);
  return [...byTarget].map(([to, transitions]) => ({
    id: `${state.path}>${to}`,
    from: state.path,
    to,
    labels: transitions.map((transition) => transitionLabel(transition, state)),
    failure: transitions.every(({ trigger }) => trigger.kind === "failed"),
  }));
}
