import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { api, query } from "../../../app/api/api.ts";
import { type BoardPages, nothingRead, pagesInSight, withPage } from "./board-pages.ts";
import { type BoardSearch, beginOf } from "./board-search.ts";

/** The first page is there soon; who goes further goes far. */
const pageSize = 50;
const laterPageSize = 100;

/**
 * What the filters find, page after page. When anything of the tenant changes, the first page and those in sight are read
 * again; the others when somebody comes to them.
 */
export function useBoard({ within, module, ...search }: BoardSearch) {
  const queries = useQueryClient();
  const from = useMemo(() => (within === undefined ? undefined : beginOf(within, Date.now())), [within]);
  const asked = present({ ...search, moduleId: module, from });
  const queryKey = ["get", "/deliveries/search", asked];
  const sight = useRef({ first: 0, last: 0 });
  const known = () => queries.getQueryData<BoardPages>(queryKey) ?? nothingRead;

  const read = async (cursor: string | undefined, signal?: AbortSignal) => {
    const { data, error } = await api.GET("/deliveries/search", {
      params: {
        query:
          cursor === undefined ? { ...asked, limit: pageSize } : { ...asked, cursor, limit: laterPageSize },
      },
      ...(signal !== undefined && { signal }),
    });
    if (data === undefined) throw error;
    return { cursor, answer: data };
  };

  const found = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const round = known().round + 1;
      const inSight = pagesInSight(known(), sight.current).map(({ cursor }) => cursor);
      const pages = await Promise.all(
        (inSight.length === 0 ? [undefined] : inSight).map((cursor) => read(cursor, signal)),
      );
      // From below: a page that is read anew may move the beginning of the one after.
      return pages.reduceRight((board, page) => withPage(board, { ...page, round }), known());
    },
    meta: { live: "tenant" },
    // The list of before stays until the one of the new filter is there.
    placeholderData: keepPreviousData,
    structuralSharing: false,
  });

  const board = found.data ?? nothingRead;
  const items = useMemo(() => board.pages.flatMap((page) => page.items), [board]);
  const { isPlaceholderData, isFetching, refetch } = found;
  const more = useMore({
    next: isPlaceholderData ? undefined : board.next,
    round: board.round,
    read: async (next) => {
      const page = await read(next);
      queries.setQueryData<BoardPages>(
        queryKey,
        (now) => now && withPage(now, { ...page, round: now.round }),
      );
    },
  });

  /** Says which rows are in sight, so that those are read again that may have changed. */
  const onSight = (first: number, last: number) => {
    sight.current = { first, last };
    const isStale = pagesInSight(board, sight.current).some(({ round }) => round < board.round);
    if (isStale && !isFetching && !isPlaceholderData && found.error === null) void refetch();
  };

  const { isPending, error } = found;
  return { items, ...useCounts(asked), isPending, error, onSight, ...more };
}

/** Counting takes longer than reading a page: the list does not wait for it. */
function useCounts(asked: { state?: string }) {
  const { data } = query.useQuery(
    "get",
    "/deliveries/counts",
    { params: { query: asked } },
    { meta: { live: "tenant" }, placeholderData: keepPreviousData },
  );
  const states = data?.states ?? [];
  const chosen = asked.state?.split(",");
  const counted = chosen === undefined ? states : states.filter(({ word }) => chosen.includes(word));
  // Of what the filter finds, on all of its pages; not known until it was counted.
  const total = data === undefined ? undefined : counted.reduce((sum, { count }) => sum + count, 0);
  return { states, total };
}

/** Reads the page after the last one, one at a time; one that failed is tried again when the rest is read again. */
function useMore({
  next,
  round,
  read,
}: {
  next: string | undefined;
  round: number;
  read: (next: string) => Promise<void>;
}) {
  const [isReadingMore, setReading] = useState(false);
  const [failedIn, setFailedIn] = useState<number>();
  const readMore = () => {
    if (next === undefined || isReadingMore || failedIn === round) return;
    setReading(true);
    read(next)
      .catch(() => setFailedIn(round))
      .finally(() => setReading(false));
  };
  return { hasMore: next !== undefined, isReadingMore, readMore };
}

/** Without the fields that say nothing. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
