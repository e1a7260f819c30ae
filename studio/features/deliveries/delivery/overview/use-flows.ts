import type { components } from "../../../../../client/src/schema.d.ts";
import { query } from "../../../../app/api/api.ts";
import { useSubject } from "../use-delivery.ts";

export type Flow = components["schemas"]["InstancePicture"];
export type FlowNode = Flow["nodes"][number];

const none: Flow[] = [];

export function useFlows(): Flow[] {
  const path = useSubject();
  const { data } = query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}/flow", {
    params: { path },
  });
  return data?.flows ?? none;
}
