export interface Interval {
  began: number;
  ended: number;
}

/** How long at least one of the intervals lasted, within the given one. */
export function covered(intervals: Interval[], within: Interval): number {
  let total = 0;
  let reached = within.began;
  for (const { began, ended } of [...intervals].sort((a, b) => a.began - b.began)) {
    const from = Math.max(began, reached);
    const to = Math.min(ended, within.ended);
    if (to > from) total += to - from;
    reached = Math.max(reached, to);
  }
  return total;
}
