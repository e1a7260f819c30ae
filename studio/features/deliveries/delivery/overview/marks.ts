import type { FlowNode } from "./use-flows.ts";

/** Of a state by itself; where a delivery is now, the server says more. */
export const markIcons: Record<FlowNode["mark"], string> = {
  current: "loader",
  waiting: "hourglass",
  failed: "circle-x",
  done: "circle-check",
  ahead: "circle",
};
