/** The server's measures in the reader's words and units. */
import type { components } from "../../../client/src/schema.d.ts";
import { durationText } from "../../ui/time.tsx";

export type Measures = components["schemas"]["Measures"];

export const measureNames = [
  "deploymentFrequency",
  "leadTime",
  "changeFailureRate",
  "recoveryTime",
  "approvalWait",
  "rollbackRate",
] as const;
export type MeasureName = (typeof measureNames)[number];

interface Format {
  language: string;
  often: (unit: "day" | "week", number: string) => string;
}

/** Undefined where nothing was measured. */
export function figure(name: MeasureName, measures: Measures, format: Format): string | undefined {
  const { deploymentsPerDay, leadTimeMs, changeFailureRate, recoveryTimeMs, approvalWaitMs, rollbackRate } =
    measures;
  const { language } = format;
  const middle = (spread: Measures["leadTimeMs"]) =>
    spread === null ? undefined : durationText(spread.p50, language);
  const share = (rate: number | null) => (rate === null ? undefined : percent(rate, language));
  switch (name) {
    case "deploymentFrequency":
      return frequency(deploymentsPerDay, format);
    case "leadTime":
      return middle(leadTimeMs);
    case "changeFailureRate":
      return share(changeFailureRate);
    case "recoveryTime":
      return middle(recoveryTimeMs);
    case "approvalWait":
      return middle(approvalWaitMs);
    case "rollbackRate":
      return share(rollbackRate);
  }
}

/** Less than one a day is told by the week. */
function frequency(perDay: number, { language, often }: Format): string {
  const [unit, number] = perDay < 1 ? (["week", perDay * 7] as const) : (["day", perDay] as const);
  return often(unit, new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(number));
}

export function percent(rate: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(rate);
}
