import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { toneOf } from "../../ui/shown-state.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./insight.module.css";
import type { Alert } from "./use-alerts.ts";

export function AlertTable({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useTranslation();
  return (
    <Table
      label={t("insight.alerts")}
      rows={alerts}
      keyOf={({ name, environment, tenantId, since, summary }) =>
        `${name} ${environment} ${tenantId} ${since} ${summary}`
      }
      columns={[
        {
          title: t("insight.alert"),
          heads: true,
          cell: ({ name, summary, next }) => (
            <>
              {name}
              <p className={styles.plain}>{summary}</p>
              {next !== undefined && <p className={styles.next}>{next}</p>}
            </>
          ),
        },
        {
          title: t("insight.state"),
          cell: ({ state, tone }) => (
            <StateBadge
              word={t(`insight.alertStates.${state}`)}
              tone={toneOf[tone]}
              icon={state === "firing" ? "bell" : "hourglass"}
            />
          ),
        },
        { title: t("insight.severity"), cell: ({ severity }) => severity },
        {
          title: t("insight.where"),
          cell: ({ environment, tenantId }) =>
            environment === undefined ? (
              t(tenantId === undefined ? "insight.installation" : "insight.tenant")
            ) : (
              <Link to="/deployments" search={{ environment }}>
                {environment}
              </Link>
            ),
        },
        { title: t("insight.since"), cell: ({ since }) => <Time at={since} /> },
      ]}
    />
  );
}
