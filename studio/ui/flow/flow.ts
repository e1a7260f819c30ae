/** A flow as it is drawn: states, and the ways between them. Of a delivery's flow also how it stands there. */
export interface PictureFlow {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

export type Mark = "current" | "waiting" | "failed" | "done" | "ahead";

export interface FlowNode {
  /** Dotted path of the state. */
  id: string;
  label: string;
  kind: "state" | "group" | "parallel" | "final";
  parent?: string;
  initial: boolean;
  /** The agent and skill at work in it. */
  does?: string;
  description?: string;
  /** Absent: of a definition, where nobody has been. */
  mark?: Mark;
  state?: { icon: string; label: string };
  since?: string;
  times?: number;
}

export interface FlowEdge {
  id: string;
  from: string;
  to: string;
  /** Everything that leads along it. */
  labels: string[];
  failure: boolean;
  taken?: boolean;
}
