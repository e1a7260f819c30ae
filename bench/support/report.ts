/** Results as a table for people; machines take the JSON. */
import type { Metric } from "./benchmark.ts";
import { type Summary, summarise } from "./statistics.ts";

export interface MeasuredMetric extends Summary {
  name: string;
  unit: string;
  samples: number[];
  goal?: string;
  met?: boolean;
}

export function measured(metric: Metric): MeasuredMetric {
  const summary = summarise(metric.samples);
  const samples = metric.samples.map(rounded);
  const base = { name: metric.name, unit: metric.unit, ...roundedSummary(summary), samples };
  const { goal } = metric;
  if (goal === undefined) return base;
  const met = "atMost" in goal ? summary.median <= goal.atMost : summary.median >= goal.atLeast;
  return { ...base, goal: "atMost" in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`, met };
}

export function table(title: string, metrics: MeasuredMetric[]): string {
  const rows = metrics.map((metric) => [
    metric.name,
    `${metric.median} ${metric.unit}`,
    metric.repetitions === 1 ? "" : `${metric.min} .. ${metric.max}`,
    metric.repetitions === 1 ? "" : `${Math.round(metric.spread * 100)} %`,
    metric.goal === undefined ? "" : `${metric.goal} ${metric.met === true ? "met" : "MISSED"}`,
  ]);
  const lines = [["", "median", "min .. max", "spread", "goal"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) =>
    `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
  return `${title}\n${text.join("\n")}\n`;
}

function roundedSummary(summary: Summary): Summary {
  return {
    median: rounded(summary.median),
    min: rounded(summary.min),
    max: rounded(summary.max),
    spread: rounded(summary.spread),
    repetitions: summary.repetitions,
  };
}

/** Three digits say all that a measurement knows. */
function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
