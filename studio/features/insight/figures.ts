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
  perDay: (text: string) => string;
}

/** Undefined where nothing was measured. */
export function figure(
  name: MeasureName,
  measures: Measures,
  { language, perDay }: Format,
): string | undefined {
  const { deploymentsPerDay, leadTimeMs, changeFailureRate, recoveryTimeMs, approvalWaitMs, rollbackRate } =
    measures;
  const middle = (spread: Measures["leadTimeMs"]) =>
    spread === null ? undefined : durationText(spread.p50, language);
  const share = (rate: number | null) => (rate === null ? undefined : percent(rate, language));
  switch (name) {
    case "deploymentFrequency":
      return perDay(
        new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(deploymentsPerDay),
      );
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

export function percent(rate: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(rate);
}
