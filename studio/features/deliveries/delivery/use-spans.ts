import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { useSubject } from "./use-delivery.ts";

export type Span = components["schemas"]["DeliverySpan"];

const none: Span[] = [];

export function useSpans(): { spans: Span[]; pending: boolean } {
  const path = useSubject();
  const { data, isPending } = query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}/spans", {
    params: { path },
  });
  return { spans: data?.spans ?? none, pending: isPending };
}
