/** All of one decision, read again whenever something happens to its delivery. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { type LiveEvent, useLiveEvents } from "../../../app/live/live.ts";

export type ApprovalView = components["schemas"]["ApprovalView"];
export type ReleaseChanges = ApprovalView["changes"];
export type Digests = NonNullable<ApprovalView["digests"]>;

export interface Asked {
  releaseId: string;
  /** In whose name. */
  onBehalfOf?: string | undefined;
}

export function useApproval({ releaseId, onBehalfOf }: Asked) {
  const queries = useQueryClient();
  const answer = query.useQuery(
    "get",
    "/releases/{releaseId}/approval",
    { params: { path: { releaseId }, query: onBehalfOf === undefined ? {} : { onBehalfOf } } },
    {
      // In another name it is the same decision: what was read stays until that is there.
      placeholderData: (before) => (before?.releaseId === releaseId ? before : undefined),
      throwOnError: (_error, { state }) => state.data === undefined,
    },
  );
  const traceId = answer.data?.subject.traceId;
  const readAgain = useCallback(
    () =>
      queries.invalidateQueries({
        predicate: ({ queryKey }) => {
          const key = JSON.stringify(queryKey);
          return key.includes(releaseId) || (traceId !== undefined && key.includes(traceId));
        },
      }),
    [queries, releaseId, traceId],
  );
  useLiveEvents(
    useCallback(
      ({ subject }: LiveEvent) => {
        if (subject.traceId === traceId) void readAgain();
      },
      [traceId, readAgain],
    ),
  );
  return { view: answer.data, readAgain };
}

/** Names of what is another now than it was. */
export function changedDigests(seen: Digests | null, now: Digests | null): string[] {
  if (seen === null || now === null) return [];
  const names = new Set([...Object.keys(seen), ...Object.keys(now)]) as Set<keyof Digests>;
  return [...names].filter((name) => seen[name] !== now[name]);
}
