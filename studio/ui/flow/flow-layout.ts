/** Where the states of a flow stand in its picture and how the ways go between them: dagre lays them out. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { FlowEdge, FlowNode, PictureFlow } from "./flow.ts";
import { cutAt, type Point } from "./lines.ts";

export interface PlacedNode {
  node: FlowNode;
  /** Of its corner, within its group where it is in one. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedEdge {
  edge: FlowEdge;
  /** From state to state, around the others; none where it leads back to where it begins. */
  points: Point[];
}

const size = { width: 248, height: 66 };
const groupHead = 26;

export function placeFlow({ nodes, edges }: PictureFlow): { nodes: PlacedNode[]; edges: PlacedEdge[] } {
  const groups = new Set(nodes.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
  const graph = new graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 34, edgesep: 14, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, groups.has(id) ? {} : { ...size });
  for (const { id, parent } of nodes)
    if (parent !== undefined && graph.hasNode(parent)) graph.setParent(id, parent);
  // dagre ranks members, not what is around them: a way from or to a group is one from or to a member.
  const ends = ({ from, to }: FlowEdge) => ({
    v: memberOf(nodes, groups, from, "last"),
    w: memberOf(nodes, groups, to, "first"),
  });
  for (const edge of edges) {
    const { v, w } = ends(edge);
    // The way that goes well is the short and straight one.
    if (v !== w) graph.setEdge(v, w, { weight: edge.failure ? 1 : 4 }, edge.id);
  }
  layout(graph);
  const lower = roomForNames([...groups].map((id) => graph.node(id)));
  const boxes = new Map(nodes.map(({ id }) => [id, boxOf(graph.node(id), lower)]));
  return {
    nodes: nodes.map((node) => {
      const own = boxes.get(node.id) ?? boxOf({}, lower);
      const around = node.parent === undefined ? undefined : boxes.get(node.parent);
      return { node, ...own, x: own.x - (around?.x ?? 0), y: own.y - (around?.y ?? 0) };
    }),
    edges: edges.map((edge) => {
      const { v, w } = ends(edge);
      const bends: Point[] = v === w ? [] : (graph.edge({ v, w, name: edge.id })?.points ?? []);
      const points = bends.map(({ x, y }) => ({ x, y: lower(y) }));
      const [begin, end] = [edge.from, edge.to].map((id) => (groups.has(id) ? boxes.get(id) : undefined));
      return { edge, points: cutAt(points, { begin, end }) };
    }),
  };
}

interface Box {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}

/** dagre knows middles. */
function boxOf(
  { x = 0, y = 0, width = size.width, height = size.height }: Box,
  lower: (y: number) => number,
) {
  const [top, bottom] = [lower(y - height / 2), lower(y + height / 2)];
  return { x: x - width / 2, y: top, width, height: bottom - top };
}

/** Above the members of a group there is its name: whatever lies below where a group begins moves down by so much. */
function roomForNames(groups: readonly Box[]): (y: number) => number {
  const tops = [...new Set(groups.map(({ y = 0, height = 0 }) => y - height / 2))];
  return (y) => y + groupHead * tops.filter((top) => top < y).length;
}

function memberOf(nodes: FlowNode[], groups: Set<string>, id: string, which: "first" | "last"): string {
  if (!groups.has(id)) return id;
  const members = nodes.filter((node) => node.parent === id);
  const member =
    which === "first"
      ? members.find(({ initial }) => initial)
      : members.findLast(({ kind }) => kind === "final");
  const inner = member ?? members.at(which === "first" ? 0 : -1);
  return inner === undefined ? id : memberOf(nodes, groups, inner.id, which);
}
