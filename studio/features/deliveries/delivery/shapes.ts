import type { components } from "../../../../client/src/schema.d.ts";

type Schemas = components["schemas"];

export type Status = Schemas["DeliveryStatus"];
export type Situation = Schemas["Situation"];
export type DeliveryAct = Schemas["DeliveryAct"];
export type Entry = Schemas["TimelineEntry"];
export type Artifact = Schemas["StoredArtifact"];
