/** Where the states of a flow stand in its picture: dagre lays them out, groups around their members. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { FlowNode, PictureFlow } from "./flow.ts";

export interface PlacedNode {
  node: FlowNode;
  /** Of its corner, within its group where it is in one. */
  x: number;
  y: number;
  width: number;
  height: number;
}

const size = { width: 208, height: 58 };
const groupHead = 26;

export function placeFlow({ nodes, edges }: PictureFlow): PlacedNode[] {
  const groups = new Set(nodes.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
  const graph = new graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 30, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, groups.has(id) ? {} : { ...size });
  for (const { id, parent } of nodes)
    if (parent !== undefined && graph.hasNode(parent)) graph.setParent(id, parent);
  for (const { id, from, to } of edges) {
    // dagre ranks members, not what is around them: a way from or to a group is one from or to a member.
    const ends = [memberOf(nodes, groups, from, "last"), memberOf(nodes, groups, to, "first")] as const;
    if (ends[0] !== ends[1]) graph.setEdge(ends[0], ends[1], {}, id);
  }
  layout(graph);
  const boxes = new Map(nodes.map(({ id }) => [id, boxOf(graph.node(id), headsIn(nodes, groups, id))]));
  return nodes.map((node) => {
    const own = boxes.get(node.id) ?? boxOf({}, 0);
    const around = node.parent === undefined ? undefined : boxes.get(node.parent);
    return { node, ...own, x: own.x - (around?.x ?? 0), y: own.y - (around?.y ?? 0) };
  });
}

interface Box {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}

/** dagre knows middles. Above the members of a group there is its name, and those of the groups in it. */
function boxOf({ x = 0, y = 0, width = size.width, height = size.height }: Box, heads: number) {
  const head = heads * groupHead;
  return { x: x - width / 2, y: y - height / 2 - head, width, height: height + head };
}

function headsIn(nodes: FlowNode[], groups: Set<string>, id: string): number {
  if (!groups.has(id)) return 0;
  const inner = nodes.filter(({ parent }) => parent === id);
  return 1 + Math.max(0, ...inner.map((node) => headsIn(nodes, groups, node.id)));
}

function memberOf(nodes: FlowNode[], groups: Set<string>, id: string, which: "first" | "last"): string {
  if (!groups.has(id)) return id;
  const members = nodes.filter((node) => node.parent === id);
  const member =
    which === "first"
      ? members.find(({ initial }) => initial)
      : members.findLast(({ kind }) => kind === "final");
  const inner = member ?? members[0];
  return inner === undefined ? id : memberOf(nodes, groups, inner.id, which);
}
