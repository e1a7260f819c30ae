/** One measure over time: a chart, or the same numbers as a table for whoever wants those. */
import { lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Table } from "../../../ui/table.tsx";
import styles from "./charts.module.css";
import type { Point, TrendProps } from "./trend-props.ts";

const Lines = lazy(() => import("./trend-lines.tsx"));

export function Trend({ title, children, ...trend }: TrendProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const { series, points, format } = trend;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  const empty = points.every(({ values }) => series.every((one) => (values[one.id] ?? null) === null));
  return (
    <figure className={styles.figure} aria-labelledby={id}>
      <figcaption className={styles.caption}>
        <h2 id={id}>{title}</h2>
        {!empty && (
          <Button
            size="small"
            label={`${t(asTable ? "insight.asChart" : "insight.asTable")}: ${title}`}
            onPress={() => setAsTable(!asTable)}
          >
            {t(asTable ? "insight.asChart" : "insight.asTable")}
          </Button>
        )}
      </figcaption>
      {children}
      {empty ? (
        <p className={styles.empty}>{t("insight.nothingMeasured")}</p>
      ) : asTable ? (
        <Table
          label={title}
          rows={points}
          keyOf={({ at }) => at}
          columns={[
            { title: t("insight.from"), heads: true, cell: ({ at }) => day.format(new Date(at)) },
            ...series.map((one) => ({
              title: one.name,
              cell: ({ values }: Point) => words(values[one.id], format),
            })),
          ]}
        />
      ) : (
        <div className={styles.chart} role="img" aria-label={summary(title, trend)}>
          <Suspense fallback={null}>
            <Lines {...trend} />
          </Suspense>
        </div>
      )}
      {!empty && !asTable && series.length > 1 && (
        <ul className={styles.legend} aria-hidden="true">
          {series.map(({ id: key, name, tone }) => (
            <li key={key} data-tone={tone}>
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function words(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}

/** What the picture says to whoever does not see it: where each series ends. */
function summary(title: string, { series, points, format }: Omit<TrendProps, "title" | "children">): string {
  const ends = series.map(({ id, name }) => {
    const last = points.findLast(({ values }) => (values[id] ?? null) !== null);
    return `${name}: ${words(last?.values[id], format)}`;
  });
  return `${title}. ${ends.join("; ")}`;
}
