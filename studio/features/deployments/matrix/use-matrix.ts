import { useInfiniteQuery } from "@tanstack/react-query";
import type { components } from "../../../../client/src/schema.d.ts";
import { api } from "../../../app/api/api.ts";
import type { MatrixSearch, Shows } from "./matrix-search.ts";

export type Row = components["schemas"]["MatrixRow"];
export type Cell = components["schemas"]["MatrixCell"];

/** Page after page, read again when anything of the tenant changes. */
export function useMatrix({ q, environment, show }: MatrixSearch) {
  const asked = {
    ...(q !== undefined && { q }),
    ...(environment !== undefined && { environment }),
    limit: 50,
  };
  const found = useInfiniteQuery({
    queryKey: ["get", "/matrix", asked],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam };
      const { data, error } = await api.GET("/matrix", {
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
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  return {
    ...found,
    environments: found.data?.pages[0]?.environments ?? [],
    rows: rows.filter(({ cells }) => show === undefined || cells.some((cell) => isShown[show](cell))),
  };
}

const isShown: Record<Shows, (cell: Cell) => boolean> = {
  attention: ({ serving, coming, held }) =>
    [serving?.health.tone, ...coming.map(({ state }) => state.tone)].some(
      (tone) => tone === "danger" || tone === "warning" || tone === "attention",
    ) ||
    serving?.drift !== undefined ||
    held.length > 0,
  drift: ({ serving }) => serving?.drift !== undefined,
  coming: ({ coming }) => coming.length > 0,
};
