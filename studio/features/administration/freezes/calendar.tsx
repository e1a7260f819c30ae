/** A month with the windows on its days, and the same windows as a list: what a phone has room for, and a screen reader reads. */
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { useNow } from "../../../ui/use-now.ts";
import styles from "./calendar.module.css";
import { type Day, monthBeside, monthOf, weeksOf, windowsOn } from "./month.ts";
import type { Window } from "./window.ts";
import { WindowList } from "./window-list.tsx";

interface CalendarProps {
  month: string;
  onMonth: (month: string) => void;
}

export function Calendar({ month, onMonth }: CalendarProps) {
  const { t, i18n } = useTranslation();
  const weeks = weeksOf(month);
  const days = weeks.flat();
  const today = monthOf(useNow());
  const asked = { from: isoOf(days[0]?.from), to: isoOf(days.at(-1)?.until) };
  const { data: windows } = query.useSuspenseQuery("get", "/freezes/windows", { params: { query: asked } });
  const name = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric" }).format(
    days.find(({ inside }) => inside)?.from,
  );
  const inside = windows.filter((window) =>
    days.some((day) => day.inside && windowsOn([window], day).length > 0),
  );
  return (
    <Panel
      title={name}
      aside={
        <span className={styles.moves}>
          <Button
            size="small"
            label={t("administration.freezes.before")}
            onPress={() => onMonth(monthBeside(month, -1))}
          >
            ←
          </Button>
          <Button size="small" disabled={month === today} onPress={() => onMonth(today)}>
            {t("administration.freezes.today")}
          </Button>
          <Button
            size="small"
            label={t("administration.freezes.after")}
            onPress={() => onMonth(monthBeside(month, 1))}
          >
            →
          </Button>
        </span>
      }
    >
      <table className={styles.month} aria-label={name}>
        <thead>
          <tr>
            {(weeks[0] ?? []).map(({ date, from }) => (
              <th key={date} scope="col">
                <abbr title={weekday(from, i18n.language, "long")}>
                  {weekday(from, i18n.language, "short")}
                </abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]?.date}>
              {week.map((day) => (
                <DayCell key={day.date} day={day} windows={windowsOn(windows, day)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <WindowList windows={inside} />
    </Panel>
  );
}

function DayCell({ day, windows }: { day: Day; windows: Window[] }) {
  const { t } = useTranslation();
  const now = useNow();
  const isToday = day.from <= now && now < day.until;
  return (
    <td
      className={styles.day}
      data-beside={day.inside ? undefined : ""}
      data-frozen={windows.length > 0 ? "" : undefined}
      {...(isToday && { "aria-current": "date" as const })}
    >
      <time dateTime={day.date} className={styles.number}>
        {day.number}
      </time>
      {windows.length > 0 && (
        <span className={styles.mark}>
          <Icon name="snowflake" size={14} />
          <span className="hidden-visually">
            {t("administration.freezes.held", { what: windows.map(({ reason }) => reason).join(", ") })}
          </span>
        </span>
      )}
      <span className={styles.names} aria-hidden="true">
        {windows.slice(0, 3).map(({ id, from, until, reason }) => (
          <span key={id + from} className={styles.name} title={`${reason}\n${from} – ${until ?? ""} (UTC)`}>
            {reason}
          </span>
        ))}
        {windows.length > 3 && t("administration.freezes.more", { count: windows.length - 3 })}
      </span>
    </td>
  );
}

function weekday(at: number, language: string, form: "long" | "short"): string {
  return new Intl.DateTimeFormat(language, { weekday: form }).format(at);
}

function isoOf(at = 0): string {
  return new Date(at).toISOString();
}
