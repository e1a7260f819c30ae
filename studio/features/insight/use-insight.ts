import { useMemo } from "react";
import { query } from "../../app/api/api.ts";
import { beginOf, type InsightSearch, usualRange } from "./insight-search.ts";

/** Weeks where days would be too many to tell apart. */
const mostDays = 60;

export function useInsight({ range = usualRange, environment, module, sponsor, team, by }: InsightSearch) {
  const from = useMemo(() => beginOf(range, Date.now()), [range]);
  return query.useQuery(
    "get",
    "/insight",
    {
      params: {
        query: {
          from,
          bucket: Number.parseInt(range, 10) > mostDays ? "week" : "day",
          ...(environment !== undefined && { environment }),
          ...(module !== undefined && { moduleId: module }),
          ...(sponsor !== undefined && { sponsor }),
          ...(team !== undefined && { team }),
          ...(by !== undefined && { by }),
        },
      },
    },
    // Figures of weeks do not move with each event.
    { refetchInterval: 60_000, placeholderData: (before) => before },
  );
}

export type InsightAnswer = NonNullable<ReturnType<typeof useInsight>["data"]>;
