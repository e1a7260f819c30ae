/** What the monitoring beside the server says is wrong now. */
import { useTranslation } from "react-i18next";
import { query } from "../../app/api/api.ts";
import { Refused } from "../../app/layout/refused.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Panel } from "../../ui/panel.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./insight.module.css";

/** Nothing of the tenant's stream tells of them: they are asked for again. */
const everyMs = 30_000;

export function Alerts() {
  const { t } = useTranslation();
  const { data, error } = query.useQuery("get", "/alerts", {}, { refetchInterval: everyMs });
  return (
    <Panel title={t("insight.alerts")}>
      <Refused error={error} />
      {data?.problem !== undefined && (
        <Notice tone={data.configured ? "warn" : "neutral"} title={data.problem}>
          {data.next}
        </Notice>
      )}
      {data !== undefined && data.problem === undefined && data.alerts.length === 0 && (
        <p className={styles.quiet}>{t("insight.noAlerts")}</p>
      )}
      {data?.configured === true && !data.ofInstallation.allowed && (
        <p className={styles.quiet}>{t("insight.notOfInstallation")}</p>
      )}
      {data !== undefined && data.alerts.length > 0 && (
        <Table
          label={t("insight.alerts")}
          rows={data.alerts}
          keyOf={(alert) =>
            `${alert.name} ${alert.environment} ${alert.tenantId} ${alert.since} ${alert.summary}`
          }
          columns={[
            {
              title: t("insight.alert"),
              heads: true,
              cell: ({ name, summary, next }) => (
                <>
                  {name}
                  <p className={styles.plain}>{summary}</p>
                  {next !== undefined && <p className={styles.quiet}>{next}</p>}
                </>
              ),
            },
            {
              title: t("insight.state"),
              cell: ({ state }) => (
                <StateBadge
                  word={t(`insight.alertStates.${state}`)}
                  tone={state === "firing" ? "bad" : "warn"}
                  icon={state === "firing" ? "bell" : "hourglass"}
                />
              ),
            },
            { title: t("insight.severity"), cell: ({ severity }) => severity },
            {
              title: t("insight.environment"),
              cell: ({ environment }) => environment ?? t("insight.installation"),
            },
            { title: t("insight.since"), cell: ({ since }) => <Time at={since} /> },
          ]}
        />
      )}
    </Panel>
  );
}
