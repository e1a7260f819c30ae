/** What is looked for in the record, as it stands in the address. What is not understood there is left out. */
export const outcomes = ["approved", "blocked", "completed", "failed"] as const;
export type Outcome = (typeof outcomes)[number];
export const kinds = ["all", "deliveries", "journal"] as const;
export type Kind = (typeof kinds)[number];

export interface AuditSearch {
  outcome?: Outcome | undefined;
  of?: Kind | undefined;
  who?: string | undefined;
  action?: string | undefined;
  module?: string | undefined;
  environment?: string | undefined;
  release?: string | undefined;
  /** Days of the viewer's calendar: `2026-11-23`, both included. */
  from?: string | undefined;
  to?: string | undefined;
}

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const text = (name: keyof AuditSearch) => {
    const value = search[name];
    return typeof value === "string" || typeof value === "number"
      ? String(value).slice(0, 200) || undefined
      : undefined;
  };
  const day = (name: "from" | "to") => {
    const value = text(name);
    return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
  };
  return {
    outcome: outcomes.find((one) => one === search.outcome),
    of: kinds.find((one) => one === search.of && one !== "all"),
    who: text("who"),
    action: text("action"),
    module: text("module"),
    environment: text("environment"),
    release: text("release"),
    from: day("from"),
    to: day("to"),
  };
}

/** As the server asks for it: moments, and its own names of the fields. */
export function askedOf({ module, release, from, to, ...same }: AuditSearch) {
  const asked = {
    ...same,
    moduleId: module,
    releaseId: release,
    from: from && beginOf(from, 0),
    to: to && beginOf(to, 1),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as {
    [Key in keyof typeof asked]?: Exclude<(typeof asked)[Key], undefined>;
  };
}

/** Midnight of that day, or of one after it, in the viewer's zone. */
function beginOf(day: string, after: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + after).toISOString();
}
