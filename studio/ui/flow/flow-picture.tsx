/** A flow as a picture; of a delivery with where it is, has been and failed, and it moves as the delivery does. */
import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type CSSProperties, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../icon.tsx";
import styles from "./flow.module.css";
import type { FlowNode, PictureFlow } from "./flow.ts";
import { type PlacedEdge, type PlacedNode, placeFlow } from "./flow-layout.ts";
import { curve } from "./lines.ts";
import { iconOf } from "./marks.ts";

type StateNode = Node<{ node: FlowNode }, "state" | "box">;
type WayEdge = Edge<{ path: string }, "way">;

/** `label`: what the picture is of, for who does not see it. */
export function FlowPicture({ flow, label }: { flow: PictureFlow; label: string }) {
  const { nodes, edges } = useMemo(() => drawn(flow), [flow]);
  return (
    <div className={styles.picture} style={roomFor(nodes)}>
      <ReactFlow
        aria-label={label}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        fitViewOptions={{ padding: 0.06, maxZoom: 1 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
      >
        <Background gap={22} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

/** As much as it takes to be read, and no more. */
function roomFor(nodes: readonly StateNode[]): CSSProperties {
  const outer = nodes.filter(({ parentId }) => parentId === undefined);
  const width = Math.max(1, ...outer.map(({ position, width = 0 }) => position.x + width)) * margin;
  const height = Math.max(1, ...outer.map(({ position, height = 0 }) => position.y + height)) * margin;
  return { aspectRatio: `${width} / ${height}`, "--height": `${Math.ceil(height)}px` } as CSSProperties;
}

const margin = 1.13;

const nodeTypes = { state: StateBox, box: GroupBox };
const edgeTypes = { way: Way };

function StateBox({ data: { node } }: NodeProps<StateNode>) {
  const { t } = useTranslation();
  const { label, mark, does, state, times = 0, description } = node;
  const word = state?.label ?? does ?? (mark === undefined ? description : t(`ui.flow.mark.${mark}`));
  return (
    <div className={styles.state} data-mark={mark} title={description}>
      <Handle type="target" position={Position.Top} />
      <Icon name={iconOf(node)} size={18} />
      <span>
        <strong>{label}</strong>
        {word !== undefined && <small>{word}</small>}
      </span>
      {times > 1 && <em>×{times}</em>}
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}

function GroupBox({ data: { node } }: NodeProps<StateNode>) {
  return (
    <div className={styles.group} data-mark={node.mark}>
      <Handle type="target" position={Position.Top} />
      <small>{node.label}</small>
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}

function Way({ data, markerEnd }: EdgeProps<WayEdge>) {
  return <BaseEdge path={data?.path ?? ""} {...(markerEnd !== undefined && { markerEnd })} />;
}

function drawn(flow: PictureFlow): { nodes: StateNode[]; edges: Edge[] } {
  const placed = placeFlow(flow);
  return { nodes: nodesOf(flow, placed.nodes), edges: placed.edges.map(edgeOf) };
}

function nodesOf(flow: PictureFlow, placed: PlacedNode[]): StateNode[] {
  const groups = new Set(flow.nodes.map(({ parent }) => parent));
  return placed.map(({ node, x, y, width, height }) => ({
    id: node.id,
    type: groups.has(node.id) ? "box" : "state",
    position: { x, y },
    width,
    height,
    data: { node },
    ...(node.parent !== undefined && { parentId: node.parent }),
  }));
}

function edgeOf({ edge: { id, from, to, taken = false, failure }, points }: PlacedEdge): Edge {
  return {
    id,
    source: from,
    target: to,
    ...(points.length > 0 ? { type: "way", data: { path: curve(points) } } : { type: "smoothstep" }),
    className: (failure ? styles.failing : taken ? styles.taken : undefined) ?? "",
    markerEnd: { type: MarkerType.ArrowClosed },
    zIndex: taken ? 2 : 1,
  };
}
