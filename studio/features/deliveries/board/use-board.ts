import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../../app/api/api.ts";
import { type BoardSearch, beginOf } from "./board-search.ts";

const pageSize = 50;

/** What the filters find, page after page, read again when anything of the tenant changes. */
export function useBoard({ within, module, ...search }: BoardSearch) {
  const from = useMemo(() => (within === undefined ? undefined : beginOf(within, Date.now())), [within]);
  const asked = present({ ...search, moduleId: module, from, limit: pageSize });
  const found = useInfiniteQuery({
    queryKey: ["get", "/deliveries/search", asked],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam };
      const { data, error } = await api.GET("/deliveries/search", {
        params: { query: { ...asked, ...cursor } },
        signal,
      });
      if (data === undefined) throw error;
      return data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { live: "tenant" },
    // The list of before stays until the one of the new filter is there.
    placeholderData: (before) => before,
  });
  const items = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const states = found.data?.pages[0]?.states ?? [];
  const chosen = search.state?.split(",");
  const counted = chosen === undefined ? states : states.filter(({ word }) => chosen.includes(word));
  // Of what the filter finds, on all of its pages.
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  return { ...found, items, states, total };
}

export type BoardItem = ReturnType<typeof useBoard>["items"][number];

/** Without the fields that say nothing. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
