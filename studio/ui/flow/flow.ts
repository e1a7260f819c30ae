/** A flow as it is drawn: that of a definition, or of a delivery, which also says how it stands in each state. */
import type { components } from "../../../client/src/schema.d.ts";

type Schemas = components["schemas"];
type Standing = Schemas["InstancePicture"];

export type Mark = Standing["nodes"][number]["mark"];

/** Without a mark: of a definition, where nobody has been. */
export type FlowNode = Schemas["FlowNode"] & Partial<Standing["nodes"][number]>;

export type FlowEdge = Schemas["FlowEdge"] & Partial<Standing["edges"][number]>;

export interface PictureFlow {
  nodes: FlowNode[];
  edges: FlowEdge[];
}
