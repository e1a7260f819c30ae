/** What waits for a decision now, longest first. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../app/api/api.ts";
import { Refused } from "../../app/layout/refused.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./insight.module.css";

export function Pending() {
  const { t } = useTranslation();
  const { data, error } = query.useQuery("get", "/releases/pending", {}, { meta: { live: "tenant" } });
  return (
    <Panel title={t("insight.pending")} aside={<Link to="/approvals">{t("insight.toInbox")}</Link>}>
      <Refused error={error} />
      {data?.length === 0 && <p className={styles.quiet}>{t("insight.nothingPending")}</p>}
      {data !== undefined && data.length > 0 && (
        <Table
          label={t("insight.pending")}
          rows={data}
          keyOf={({ releaseId }) => releaseId}
          columns={[
            {
              title: t("insight.release"),
              heads: true,
              cell: ({ releaseId, subject, version }) => (
                <Link to="/approvals/$releaseId" params={{ releaseId }}>
                  {subject.moduleId} {version}
                </Link>
              ),
            },
            { title: t("insight.environment"), cell: ({ environment }) => environment },
            { title: t("insight.waitsSince"), cell: ({ since }) => <Time at={since} /> },
          ]}
        />
      )}
    </Panel>
  );
}
