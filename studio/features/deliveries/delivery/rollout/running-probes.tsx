/** What the target says of the release now: each instance's probes. It is asked again while somebody looks. */
import { useTranslation } from "react-i18next";
import type { components } from "../../../../../client/src/schema.d.ts";
import { query } from "../../../../app/api/api.ts";
import { Panel } from "../../../../ui/panel.tsx";
import { toneOf } from "../../../../ui/shown-state.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../../ui/table.tsx";
import { useSubject } from "../use-delivery.ts";
import styles from "./rollout.module.css";

const everyMs = 2_000;

export function RunningProbes({ environment, releaseId }: { environment: string; releaseId: string }) {
  const { t } = useTranslation();
  const { moduleId } = useSubject();
  const { data } = query.useQuery(
    "get",
    "/deployments/{environment}/{moduleId}",
    { params: { path: { environment, moduleId } } },
    { refetchInterval: everyMs },
  );
  const columns = useColumns();
  const running = data?.running?.find((one) => one.releaseId === releaseId);
  if (running === undefined) return null;
  const { health, healthStatus, reason, weight, traffic, restartCount, startupTimeMs } = running;
  return (
    <Panel
      title={t("deliveries.rollout.probes")}
      aside={<StateBadge word={health.label} icon={health.icon} tone={toneOf[health.tone]} />}
    >
      <p className={styles.running}>
        <span>{t("deliveries.rollout.traffic", { share: traffic ? (weight ?? 100) : 0 })}</span>
        <span>{t("deliveries.rollout.restarts", { count: restartCount })}</span>
        {startupTimeMs !== undefined && <span>{t("deliveries.rollout.startup", { ms: startupTimeMs })}</span>}
      </p>
      {reason !== undefined && <p>{reason}</p>}
      {healthStatus.length > 0 && (
        <Table
          label={t("deliveries.rollout.probes")}
          columns={columns}
          rows={healthStatus}
          keyOf={({ probe }) => probe}
        />
      )}
    </Panel>
  );
}

type Probe = components["schemas"]["ProbeStatus"];

function useColumns(): Column<Probe>[] {
  const { t } = useTranslation();
  return [
    { title: t("deliveries.rollout.probe"), heads: true, cell: ({ probe }) => probe },
    {
      title: t("deliveries.rollout.healthy"),
      cell: ({ healthy }) => (
        <StateBadge
          word={t(healthy ? "deliveries.rollout.yes" : "deliveries.rollout.no")}
          tone={healthy ? "good" : "bad"}
        />
      ),
    },
    { title: t("deliveries.rollout.last"), cell: ({ last }) => last },
    { title: t("deliveries.rollout.successes"), cell: ({ successes }) => successes },
    { title: t("deliveries.rollout.failures"), cell: ({ failures }) => failures },
  ];
}
