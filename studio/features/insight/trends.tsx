import { useTranslation } from "react-i18next";
import { durationText } from "../../ui/time.tsx";
import { Trend } from "./charts/trend.tsx";
import type { Point, Series } from "./charts/trend-props.ts";
import { type Measures, percent } from "./figures.ts";
import styles from "./insight.module.css";
import type { InsightAnswer } from "./use-insight.ts";

export function Trends({ series }: { series: InsightAnswer["series"] }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const time = (value: number) => durationText(value, i18n.language);
  const share = (value: number) => percent(value, i18n.language);
  const middle: Series = { id: "p50", name: t("insight.p50"), tone: "accent" };
  const slow: Series = { id: "p90", name: t("insight.p90"), tone: "warn" };
  const spread = (read: (measures: Measures) => Measures["leadTimeMs"]): Point[] =>
    series.map((one) => ({
      at: one.at,
      values: { p50: read(one)?.p50 ?? null, p90: read(one)?.p90 ?? null },
    }));
  return (
    <div className={styles.charts}>
      <Trend
        title={t("insight.trend.deployments")}
        form="bars"
        series={[
          { id: "deployments", name: t("insight.deployments"), tone: "good" },
          { id: "failures", name: t("insight.failures"), tone: "bad" },
        ]}
        points={series.map(({ at, deployments, failures }) => ({
          at,
          values: { deployments, failures },
        }))}
        format={count}
      />
      <Trend
        title={t("insight.trend.leadTime")}
        series={[middle, slow]}
        points={spread(({ leadTimeMs }) => leadTimeMs)}
        format={time}
      />
      <Trend
        title={t("insight.trend.rates")}
        series={[
          { id: "failure", name: t("insight.measure.changeFailureRate.name"), tone: "bad" },
          { id: "rollback", name: t("insight.measure.rollbackRate.name"), tone: "warn" },
        ]}
        points={series.map(({ at, changeFailureRate, rollbackRate }) => ({
          at,
          values: { failure: changeFailureRate, rollback: rollbackRate },
        }))}
        format={share}
        atLeast={0.2}
      />
      <Trend
        title={t("insight.trend.recovery")}
        series={[middle, slow]}
        points={spread(({ recoveryTimeMs }) => recoveryTimeMs)}
        format={time}
      />
      <Trend
        title={t("insight.trend.approvalWait")}
        series={[middle, slow]}
        points={spread(({ approvalWaitMs }) => approvalWaitMs)}
        format={time}
      />
    </div>
  );
}
