/** Where and when releases were taken back: module by week, and weekday by hour. */
import { useTranslation } from "react-i18next";
import { Panel } from "../../ui/panel.tsx";
import { HeatMap } from "./charts/heat-map.tsx";
import type { InsightAnswer } from "./use-insight.ts";

interface RollbacksProps {
  rollbacks: InsightAnswer["rollbacks"];
  from: string;
  to: string;
}

const weekMs = 7 * 86_400_000;
/** A Monday; only the names of the days after it are asked for. */
const someMonday = Date.UTC(2024, 0, 1);

export function Rollbacks({ rollbacks: { modules, hours }, from, to }: RollbacksProps) {
  const { t, i18n } = useTranslation();
  const day = new Intl.DateTimeFormat(i18n.language, { month: "short", day: "numeric", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: "short", timeZone: "UTC" });
  const weeks = weeksOf(from, to);
  const names = [...new Set(modules.map(({ moduleId }) => moduleId))];
  const clock = Array.from({ length: 24 }, (_, hour) => hour);
  return (
    <>
      <Panel title={t("insight.rollbacksByModule")}>
        <HeatMap
          title={t("insight.rollbacksByModule")}
          of={t("insight.module")}
          columns={weeks.map((week) => day.format(new Date(week)))}
          rows={names.map((name) => ({
            name,
            values: weeks.map(
              (week) => modules.find((one) => one.moduleId === name && one.week === week)?.rollbacks ?? 0,
            ),
          }))}
        />
      </Panel>
      {hours.length > 0 && (
        <Panel title={t("insight.rollbacksByHour")}>
          <HeatMap
            title={t("insight.rollbacksByHour")}
            of={t("insight.weekday")}
            columns={clock.map(String)}
            rows={Array.from({ length: 7 }, (_, index) => ({
              name: weekday.format(someMonday + index * 86_400_000),
              values: clock.map(
                (hour) => hours.find((one) => one.weekday === index + 1 && one.hour === hour)?.rollbacks ?? 0,
              ),
            }))}
          />
        </Panel>
      )}
    </>
  );
}

/** Begins of the weeks, Mondays in UTC, as the server names them. */
function weeksOf(from: string, to: string): string[] {
  const begin = new Date(from);
  begin.setUTCHours(0, 0, 0, 0);
  begin.setUTCDate(begin.getUTCDate() - ((begin.getUTCDay() + 6) % 7));
  const weeks: string[] = [];
  for (let at = begin.getTime(); at < Date.parse(to); at += weekMs) weeks.push(new Date(at).toISOString());
  return weeks;
}
