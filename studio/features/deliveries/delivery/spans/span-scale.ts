/** From a moment to a place in the picture: as time went by, or only as far as anybody was at work. */
import type { Span } from "../use-spans.ts";

export interface Scale {
  /** 0 to 1. */
  at(time: string): number;
  lengthMs: number;
}

export function scaleOf(spans: Span[], waits: boolean): Scale {
  const stretches = waits ? wholeOf(spans) : busyOf(spans);
  const lengthMs = stretches.reduce((sum, [from, to]) => sum + to - from, 0);
  return {
    lengthMs,
    at(time) {
      const moment = Date.parse(time);
      let before = 0;
      for (const [from, to] of stretches) before += Math.min(Math.max(moment - from, 0), to - from);
      return lengthMs === 0 ? 0 : before / lengthMs;
    },
  };
}

type Stretch = [from: number, to: number];

export function endOf({ startedAt, endedAt, durationMs }: Span): string {
  return endedAt ?? new Date(Date.parse(startedAt) + durationMs).toISOString();
}

function wholeOf(spans: Span[]): Stretch[] {
  const from = Math.min(...spans.map(({ startedAt }) => Date.parse(startedAt)));
  return [[from, Math.max(...spans.map((span) => Date.parse(endOf(span))))]];
}

/** An agent was at it; what waits for a person or for time is none. */
export function isWork({ kind, outcome }: Span): boolean {
  const waits = outcome === "waiting" || outcome === "delayed";
  return (kind === "attempt" || kind === "step") && !waits;
}

/** What was worked at, where it overlaps as one. */
function busyOf(spans: Span[]): Stretch[] {
  const stretches: Stretch[] = [];
  const attempts = spans
    .filter(isWork)
    .map((span): Stretch => [Date.parse(span.startedAt), Date.parse(endOf(span))])
    .sort(([a], [b]) => a - b);
  for (const [from, to] of attempts) {
    const last = stretches.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  return stretches;
}
