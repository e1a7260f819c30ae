/** The picture of a flow: states keep apart, groups hold theirs, and ways of groups end at the group's border. */
import { describe, expect, test } from "vitest";
import type { FlowEdge, FlowNode } from "../../studio/ui/flow/flow.ts";
import { placeFlow } from "../../studio/ui/flow/flow-layout.ts";
import { curve, cutAt } from "../../studio/ui/flow/lines.ts";

const node = (id: string, more: Partial<FlowNode> = {}): FlowNode => ({
  ...{ id, label: id, kind: "state", initial: false },
  ...more,
});
const edge = (from: string, to: string): FlowEdge => ({
  ...{ id: `${from} ${to}`, from, to, labels: [], failure: false },
});

const flow = {
  nodes: [
    node("ready", { initial: true }),
    node("making", { kind: "parallel" }),
    node("making.code", { parent: "making", kind: "group" }),
    node("making.code.written", { parent: "making.code", initial: true }),
    node("making.code.done", { parent: "making.code" }),
    node("over", { kind: "final" }),
  ],
  edges: [
    edge("ready", "making"),
    edge("making.code.written", "making.code.done"),
    edge("making", "over"),
    edge("over", "over"),
  ],
};

describe("a flow that is laid out", () => {
  const { nodes, edges } = placeFlow(flow);
  const boxOf = (id: string): { x: number; y: number; width: number; height: number } => {
    const found = nodes.find((one) => one.node.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    const around = found.node.parent === undefined ? { x: 0, y: 0 } : boxOf(found.node.parent);
    return { ...found, x: found.x + around.x, y: found.y + around.y };
  };
  const end = (id: string) => edges.find(({ edge: one }) => one.id === id)?.points ?? [];

  test("has the name of each group above its members, and nothing of the outside within it", () => {
    const [outer, inner, member] = [boxOf("making"), boxOf("making.code"), boxOf("making.code.written")];
    expect(inner.y - outer.y).toBeGreaterThanOrEqual(20);
    expect(member.y - inner.y).toBeGreaterThanOrEqual(20);
    const { y, height } = boxOf("ready");
    expect(outer.y).toBeGreaterThan(y + height);
    expect(boxOf("over").y).toBeGreaterThan(outer.y + outer.height);
    expect(
      new Set(
        nodes
          .filter(({ node: { id } }) => id !== "making" && id !== "making.code")
          .map(({ height: one }) => one),
      ).size,
    ).toBe(1);
  });

  test("leads to and from a group at its border", () => {
    const group = boxOf("making");
    expect(end("ready making").at(-1)?.y).toBeCloseTo(group.y);
    expect(end("making over")[0]?.y).toBeCloseTo(group.y + group.height);
  });

  test("draws by itself what leads back to where it begins", () => {
    expect(end("over over")).toEqual([]);
    expect(curve(end("over over"))).toBe("");
  });
});

test("a line that stays within its group is whole, and one that bends is round by half a stretch at most", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0, y: 10 },
    { x: 10, y: 10 },
  ];
  expect(cutAt(points, { begin: { x: -50, y: -50, width: 100, height: 100 }, end: undefined })).toEqual(
    points,
  );
  expect(curve(points)).toBe("M 0 0 L 0 5 Q 0 10 5 10 L 10 10");
});
