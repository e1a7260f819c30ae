/** What the figures are of, as it stands in the address. What is not understood there is left out. */
export const ranges = ["7d", "30d", "90d", "365d"] as const;
export type Range = (typeof ranges)[number];
export const usualRange: Range = "30d";

export const bys = ["module", "sponsor", "team"] as const;
export type By = (typeof bys)[number];

export interface InsightSearch {
  range?: Range | undefined;
  environment?: string | undefined;
  module?: string | undefined;
  sponsor?: string | undefined;
  team?: string | undefined;
  /** What the measures are told apart by; modules where absent. */
  by?: Exclude<By, "module"> | undefined;
}

export function readInsightSearch(search: Record<string, unknown>): InsightSearch {
  return {
    range: ranges.find((one) => one === search.range),
    environment: textOf(search.environment),
    module: textOf(search.module),
    sponsor: textOf(search.sponsor),
    team: textOf(search.team),
    by: search.by === "sponsor" || search.by === "team" ? search.by : undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.slice(0, 100) || undefined : undefined;
}

const day = 86_400_000;

/** To the hour, so that the same question is asked with the same words for a while. */
export function beginOf(range: Range, now: number): string {
  const from = now - Number.parseInt(range, 10) * day;
  return new Date(Math.floor(from / 3_600_000) * 3_600_000).toISOString();
}
