/** How the timeline is read: grouped by phase or in the order of the chain, with or without the agents' own steps. */
export interface TimelineSearch {
  find?: string | undefined;
  order?: "time" | undefined;
  detail?: boolean | undefined;
}

export function readTimelineSearch({ find, order, detail }: Record<string, unknown>): TimelineSearch {
  return {
    find: typeof find === "string" && find !== "" ? find.slice(0, 200) : undefined,
    order: order === "time" ? "time" : undefined,
    detail: detail === true ? true : undefined,
  };
}
