/** A flow as a picture with where the delivery is, has been and failed; it moves as the delivery does. */
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
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../../ui/checkbox.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import { placeFlow } from "./flow-layout.ts";
import { markIcons } from "./marks.ts";
import styles from "./overview.module.css";
import { shownPart } from "./shown-part.ts";
import type { Flow, FlowNode } from "./use-flows.ts";

type StateNode = Node<{ node: FlowNode }, "state" | "box">;

export function FlowPicture({ flow }: { flow: Flow }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const part = useMemo(() => shownPart(flow, all), [flow, all]);
  const nodes = useMemo(() => nodesOf(part), [part]);
  const edges = useMemo(() => edgesOf(part), [part]);
  return (
    <>
      <div className={styles.picture}>
        <ReactFlow
          key={String(all)}
          aria-label={t("deliveries.flow.pictureOf", { name: flow.environment ?? flow.flow })}
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
      <Checkbox checked={all} onChange={setAll}>
        {t("deliveries.flow.all")}
      </Checkbox>
    </>
  );
}

const nodeTypes = { state: StateBox, box: GroupBox };

function StateBox({ data: { node } }: NodeProps<StateNode>) {
  const { t } = useTranslation();
  const { label, mark, does, state, times, description } = node;
  return (
    <div className={styles.state} data-mark={mark} title={description}>
      <Handle type="target" position={Position.Top} />
      <Icon name={state?.icon ?? markIcons[mark]} size={18} />
      <span>
        <strong>{label}</strong>
        <small>{state?.label ?? does ?? t(`deliveries.flow.mark.${mark}`)}</small>
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

function nodesOf(flow: Flow): StateNode[] {
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

function edgesOf({ edges }: Flow): Edge[] {
  return edges.map(({ id, from, to, taken, failure }) => ({
    id,
    source: from,
    target: to,
    type: "smoothstep",
    className: (failure ? styles.failing : taken ? styles.taken : undefined) ?? "",
    markerEnd: { type: MarkerType.ArrowClosed },
    zIndex: taken ? 2 : 1,
  }));
}
