/** A month as weeks of days, in the zone of whoever looks. */
export interface Day {
  /** `2026-12-24` */
  date: string;
  number: number;
  /** Milliseconds since 1970; the day is 23 or 25 hours long where clocks are changed. */
  from: number;
  until: number;
  /** Of the month itself, and not of the ones beside it. */
  inside: boolean;
}

export function monthOf(now: number): string {
  const date = new Date(now);
  return nameOf(date.getFullYear(), date.getMonth());
}

export function monthBeside(month: string, step: number): string {
  const [year, index] = partsOf(month);
  const date = new Date(year, index + step, 1);
  return nameOf(date.getFullYear(), date.getMonth());
}

/** Whole weeks, which begin on Monday. */
export function weeksOf(month: string): Day[][] {
  const [year, index] = partsOf(month);
  const first = (new Date(year, index, 1).getDay() + 6) % 7;
  const last = new Date(year, index + 1, 0).getDate();
  const count = Math.ceil((first + last) / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => dayOf(new Date(year, index, week * 7 + day - first + 1), index)),
  );
}

/** Windows that share a moment with the day. */
export function windowsOn<Window extends { from: string; until?: string | undefined }>(
  windows: readonly Window[],
  { from, until }: Day,
): Window[] {
  return windows.filter((window) => {
    const end = window.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(window.until);
    return Date.parse(window.from) < until && end > from;
  });
}

function dayOf(date: Date, month: number): Day {
  const next = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
  return {
    date: `${nameOf(date.getFullYear(), date.getMonth())}-${String(date.getDate()).padStart(2, "0")}`,
    number: date.getDate(),
    from: date.getTime(),
    until: next.getTime(),
    inside: date.getMonth() === month,
  };
}

function nameOf(year: number, index: number): string {
  return `${year}-${String(index + 1).padStart(2, "0")}`;
}

function partsOf(month: string): [year: number, index: number] {
  const [year = "", number = ""] = month.split("-");
  return [Number(year), Number(number) - 1];
}
