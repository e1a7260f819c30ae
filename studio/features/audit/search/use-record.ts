import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { components } from "../../../../client/src/schema.d.ts";
import { api } from "../../../app/api/api.ts";
import { type AuditSearch, askedOf } from "./audit-search.ts";

export type RecordItem = components["schemas"]["AuditPage"]["items"][number];

const pageSize = 50;

/**
 * What the filters find in the record, newest first, page after page. A record only grows: when something happens its
 * newest page is read again, and what is known stays.
 */
export function useRecord(search: AuditSearch) {
  const queries = useQueryClient();
  const asked = { ...askedOf(search), limit: pageSize };
  const queryKey = ["audit/events", asked];
  const read = async (cursor: string | undefined, signal: AbortSignal) => {
    const query = { ...asked, ...(cursor !== undefined && { cursor }) };
    const { data, error } = await api.GET("/audit/events", { params: { query }, signal });
    if (data === undefined) throw error;
    return data;
  };
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const newest = useQuery({
    queryKey: [...queryKey, "newest"],
    queryFn: ({ signal }) => read(undefined, signal),
    meta: { live: "tenant" },
  });
  const known = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const { items, hasGap } = useMemo(() => joined(newest.data?.items ?? [], known), [newest.data, known]);
  useEffect(() => {
    // More came than a page holds: nothing says what lies between, so it begins anew.
    if (hasGap && !found.isPlaceholderData) void queries.resetQueries({ queryKey, exact: true });
  });
  return { ...found, items };
}

/** What is new before what is known. */
function joined(newest: readonly RecordItem[], known: readonly RecordItem[]) {
  if (known.length === 0) return { items: [...newest], hasGap: false };
  const there = new Set(known.map(keyOf));
  const first = newest.findIndex((item) => there.has(keyOf(item)));
  return {
    items: [...newest.slice(0, Math.max(first, 0)), ...known],
    hasGap: first < 0 && newest.length > 0,
  };
}

export function keyOf({ subject, moduleId, sequence }: RecordItem): string {
  return `${subject?.traceId ?? ""}/${moduleId ?? ""}/${sequence}`;
}
