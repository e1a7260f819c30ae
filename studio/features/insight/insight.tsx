/** How delivery goes: DORA's measures over time, how long approvals wait, and where releases are taken back. */
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Refused } from "../../app/layout/refused.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHead } from "../../ui/panel.tsx";
import { Time } from "../../ui/time.tsx";
import { Alerts } from "./alerts.tsx";
import { figure, type Measures, measureNames } from "./figures.ts";
import { Groups } from "./groups.tsx";
import styles from "./insight.module.css";
import { InsightFilters } from "./insight-filters.tsx";
import { MeasureCard } from "./measure-card.tsx";
import { Pending } from "./pending.tsx";
import { Rollbacks } from "./rollbacks.tsx";
import { Trends } from "./trends.tsx";
import { useAlerts } from "./use-alerts.ts";
import { useFormat } from "./use-format.ts";
import { useInsight } from "./use-insight.ts";

const route = getRouteApi("/insight");

export function Insight() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const { data, error } = useInsight(search);
  const alerts = useAlerts();
  const isSomethingWrong = (alerts.data?.alerts.length ?? 0) > 0;
  return (
    <>
      <PageHead
        title={t("insight.title")}
        meta={
          data !== undefined && (
            <span>
              {t("insight.of", { environment: data.environment })} <Time at={data.from} form="exact" /> –{" "}
              <Time at={data.to} form="exact" />
            </span>
          )
        }
      />
      {/* What is wrong now goes before what was, and no filter is about it. */}
      {isSomethingWrong && (
        <div className={styles.now}>
          <Alerts asked={alerts} />
        </div>
      )}
      <InsightFilters shown={data?.environment} />
      <Refused error={error} />
      {data === undefined && !error && <p role="status">{t("app.loading")}</p>}
      {data !== undefined && (
        <>
          {data.truncated && <Notice tone="warn" title={t("insight.truncated")} />}
          <Cards total={data.total} definitions={data.definitions} />
          <Trends series={data.series} />
          <Groups groups={data.groups} by={search.by ?? "module"} />
          <Rollbacks rollbacks={data.rollbacks} from={data.from} to={data.to} />
        </>
      )}
      <div className={styles.wide}>
        {!isSomethingWrong && <Alerts asked={alerts} />}
        <Pending />
      </div>
    </>
  );
}

function Cards({ total, definitions }: { total: Measures; definitions: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = {
    deploymentFrequency: total.deployments,
    leadTime: total.leadTimeMs?.count,
    changeFailureRate: total.failures,
    recoveryTime: total.recoveryTimeMs?.count,
    approvalWait: total.approvalWaitMs?.count,
    rollbackRate: total.rollbacks,
  };
  return (
    <section aria-label={t("insight.measures")}>
      <ul className={styles.cards}>
        {measureNames.map((name) => (
          <MeasureCard
            key={name}
            name={t(`insight.measure.${name}.name`)}
            value={figure(name, total, format)}
            from={t(`insight.measure.${name}.from`, { count: of[name] ?? 0 })}
            definition={t(`insight.measure.${name}.definition`)}
            docs={definitions}
          />
        ))}
      </ul>
    </section>
  );
}
