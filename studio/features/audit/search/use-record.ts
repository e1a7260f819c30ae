import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../../../app/api/api.ts";
import { type AuditSearch, askedOf } from "./audit-search.ts";

const pageSize = 50;

/** What the filters find in the record, newest first, page after page. */
export function useRecord(search: AuditSearch) {
  const asked = { ...askedOf(search), limit: pageSize };
  const found = useInfiniteQuery({
    queryKey: ["get", "/audit/events", asked],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam };
      const { data, error } = await api.GET("/audit/events", {
        params: { query: { ...asked, ...cursor } },
        signal,
      });
      if (data === undefined) throw error;
      return data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { live: "tenant" },
    placeholderData: (before) => before,
  });
  return { ...found, items: found.data?.pages.flatMap((page) => page.items) ?? [] };
}

export type RecordItem = ReturnType<typeof useRecord>["items"][number];
