/** What the monitoring beside the server says is wrong now. */
import { useTranslation } from "react-i18next";
import { Refused } from "../../app/layout/refused.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Panel } from "../../ui/panel.tsx";
import { AlertTable } from "./alert-table.tsx";
import styles from "./insight.module.css";
import type { useAlerts } from "./use-alerts.ts";

export function Alerts({ asked: { data, error } }: { asked: ReturnType<typeof useAlerts> }) {
  const { t } = useTranslation();
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
      {data !== undefined && data.alerts.length > 0 && <AlertTable alerts={data.alerts} />}
      {data?.configured === true && !data.ofInstallation.allowed && (
        <p className={styles.foot}>{t("insight.notOfInstallation")}</p>
      )}
    </Panel>
  );
}
