/** What a chart of something over time is given. */
import type { ReactNode } from "react";

export interface Series {
  id: string;
  name: string;
  tone: "accent" | "good" | "warn" | "bad" | "info";
}

export interface Point {
  /** ISO 8601: the begin of the time that it stands for. */
  at: string;
  /** By series; null where nothing was measured. */
  values: Record<string, number | null>;
}

export interface TrendProps {
  title: string;
  series: readonly Series[];
  points: readonly Point[];
  format: (value: number) => string;
  /** Lines for what is measured, bars for what is counted. */
  form?: "lines" | "bars";
  /** How far the axis reaches where the values do not. */
  atLeast?: number;
  children?: ReactNode;
}
