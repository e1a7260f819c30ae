/** The filters of the board, as they stand in its address. What is not understood there is left out. */
export const withins = ["1h", "24h", "7d", "30d"] as const;
export type Within = (typeof withins)[number];

export interface BoardSearch {
  q?: string | undefined;
  /** State words, separated by commas. */
  state?: string | undefined;
  environment?: string | undefined;
  module?: string | undefined;
  sponsor?: string | undefined;
  team?: string | undefined;
  within?: Within | undefined;
}

export function readBoardSearch(search: Record<string, unknown>): BoardSearch {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" || typeof value === "number"
      ? String(value).slice(0, 200) || undefined
      : undefined;
  };
  return {
    q: text("q"),
    state: text("state"),
    environment: text("environment"),
    module: text("module"),
    sponsor: text("sponsor"),
    team: text("team"),
    within: withins.find((one) => one === search.within),
  };
}

export function isFiltered(search: BoardSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}

const lengths: Record<Within, number> = { "1h": 1, "24h": 24, "7d": 7 * 24, "30d": 30 * 24 };
const minute = 60_000;

/** To the minute, so that the same question is asked with the same words for a while. */
export function beginOf(within: Within, now: number): string {
  const from = now - lengths[within] * 60 * minute;
  return new Date(Math.floor(from / minute) * minute).toISOString();
}
