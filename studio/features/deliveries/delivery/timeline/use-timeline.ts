import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../../../app/api/api.ts";
import type { Entry } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";

const pageSize = 2_000;

/** The whole chain. It only grows: after the first time, what is new is asked for and nothing else. */
export function useTimeline() {
  const path = useSubject();
  const queries = useQueryClient();
  const queryKey = ["timeline", path.tenantId, path.traceId, path.moduleId];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<Entry[]>(queryKey) ?? [];
      const entries = [...known];
      let after: number | undefined = known.at(-1)?.sequence ?? 0;
      while (after !== undefined) {
        const query: { after: number; limit: number } = { after, limit: pageSize };
        const { data, error } = await api.GET("/deliveries/{tenantId}/{traceId}/{moduleId}/timeline", {
          params: { path, query },
          signal,
        });
        if (data === undefined) throw error;
        entries.push(...data.items);
        after = data.next;
      }
      return entries;
    },
    structuralSharing: false,
  });
}
