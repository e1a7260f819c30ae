/** A moment as people say it in their zone; the exact UTC on hover and for programs. */
import { useTranslation } from "react-i18next";
import { clockBeside } from "./moments.ts";
import { useNow } from "./use-now.ts";

const steps = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;
const aWeek = 7 * 86_400_000;

/** `form`: `ago` says the distance while it is short; `exact` the local date and time, `second` to the second. */
export function Time({ at, form = "ago" }: { at: string; form?: "ago" | "exact" | "second" }) {
  const { i18n } = useTranslation();
  const ticked = useNow();
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return <span>{at}</span>;
  const now = clockBeside(moment, ticked, Date.now());
  const exact = new Intl.DateTimeFormat(i18n.language, {
    dateStyle: "medium",
    timeStyle: form === "second" ? "medium" : "short",
  }).format(moment);
  const near = form === "ago" && Math.abs(now - moment) < aWeek;
  return (
    <time dateTime={at} data-near={near || undefined} title={`${new Date(moment).toISOString()} (UTC)`}>
      {near ? distance(moment - now, i18n.language) : exact}
    </time>
  );
}

/** `12 s`, `4 min`, `3 h`, `2 d`. */
export function durationText(ms: number, language: string): string {
  const unit =
    ms < 1_000
      ? "millisecond"
      : ms < 60_000
        ? "second"
        : ms < 3_600_000
          ? "minute"
          : ms < 86_400_000
            ? "hour"
            : "day";
  const length = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit];
  const digits = unit !== "millisecond" && ms / length < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(ms / length);
}

function distance(ms: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  for (const [unit, length] of steps)
    if (Math.abs(ms) >= length) return words.format(Math.round(ms / length), unit);
  return words.format(Math.round(ms / 10_000) * 10, "second");
}
