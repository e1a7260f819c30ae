import type { FlowNode, Mark } from "./flow.ts";

/** Of a state by itself; where a delivery is now, the server says more. */
const markIcons: Record<Mark, string> = {
  current: "loader",
  waiting: "hourglass",
  failed: "circle-x",
  done: "circle-check",
  ahead: "circle",
};

export function iconOf({ state, mark, kind, does }: FlowNode): string {
  if (state !== undefined) return state.icon;
  if (mark !== undefined) return markIcons[mark];
  return kind === "final" ? "circle-check" : does === undefined ? "circle" : "bot";
}
