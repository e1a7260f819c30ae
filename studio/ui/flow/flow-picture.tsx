/** A flow as a picture; of a delivery with where it is, has been and failed, and it moves as the delivery does. */
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../icon.tsx";
import styles from "./flow.module.css";
import type { FlowNode, PictureFlow } from "./flow.ts";
import { placeFlow } from "./flow-layout.ts";
import { iconOf } from "./marks.ts";

type StateNode = Node<{ node: FlowNode }, "state" | "box">;

/** `label`: what the picture is of, for who does not see it. */
export function FlowPicture({ flow, label }: { flow: PictureFlow; label: string }) {
  const nodes = useMemo(() => nodesOf(flow), [flow]);
  const edges = useMemo(() => edgesOf(flow), [flow]);
  return (
    <div className={styles.picture}>
      <ReactFlow
        aria-label={label}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
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

const nodeTypes = { state: StateBox, box: GroupBox };

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

function nodesOf(flow: PictureFlow): StateNode[] {
  const groups = new Set(flow.nodes.map(({ parent }) => parent));
  return placeFlow(flow).map(({ node, x, y, width, height }) => ({
    id: node.id,
    type: groups.has(node.id) ? "box" : "state",
    position: { x, y },
    width,
    height,
    data: { node },
    ...(node.parent !== undefined && { parentId: node.parent }),
  }));
}

function edgesOf({ edges }: PictureFlow): Edge[] {
  return edges.map(({ id, from, to, taken = false, failure }) => ({
    id,
    source: from,
    target: to,
    type: "smoothstep",
    className: (failure ? styles.failing : taken ? styles.taken : undefined) ?? "",
    markerEnd: { type: MarkerType.ArrowClosed },
    zIndex: taken ? 2 : 1,
  }));
}
