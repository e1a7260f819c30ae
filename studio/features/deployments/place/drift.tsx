/** What differs now between what runs and what was approved, found by looking at the host. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { CorrectDrift } from "../acts/correct-drift.tsx";
import styles from "./place.module.css";

export function Drift({ environment, moduleId }: { environment: string; moduleId: string }) {
  const { t } = useTranslation();
  const [correcting, setCorrecting] = useState(false);
  const drift = query.useQuery(
    "get",
    "/drift",
    { params: { query: { environment, moduleId } } },
    // Each look reads what lies on the host: it is taken when something moved there, or somebody asks.
    { staleTime: 0 },
  );
  const differences = drift.data?.places.flatMap((place) => place.differences) ?? [];
  return (
    <Panel
      title={t("deployments.drift.title")}
      aside={
        <Button size="small" onPress={() => void drift.refetch()} disabled={drift.isFetching}>
          {t("deployments.drift.look")}
        </Button>
      }
    >
      <div className={styles.stack}>
        <Refused error={drift.error} />
        {drift.data?.places.length === 0 && <p className={styles.quiet}>{t("deployments.drift.unknown")}</p>}
        {drift.data !== undefined && drift.data.places.length > 0 && differences.length === 0 && (
          <p>
            <Icon name="circle-check" /> {t("deployments.drift.none")}
          </p>
        )}
        {differences.length > 0 && (
          <>
            <ul className={styles.stack}>
              {differences.map(({ kind, words }) => (
                <li key={kind + words}>
                  <Icon name="triangle-alert" /> {words} <code>{kind}</code>
                </li>
              ))}
            </ul>
            <div>
              <Button onPress={() => setCorrecting(true)}>{t("deployments.acts.correct.name")}</Button>
            </div>
          </>
        )}
      </div>
      {correcting && (
        <CorrectDrift
          environment={environment}
          moduleId={moduleId}
          onClose={() => {
            setCorrecting(false);
            void drift.refetch();
          }}
        />
      )}
    </Panel>
  );
}
