import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { durationText } from "../../../ui/time.tsx";
import styles from "./place.module.css";

export function Probes({ probes }: { probes: readonly components["schemas"]["ProbeStatus"][] }) {
  const { t, i18n } = useTranslation();
  return (
    <ul className={styles.probes}>
      {probes.map(({ probe, healthy, last, latencyMs, successes, failures }) => (
        <li key={probe}>
          <Answer healthy={healthy} tried={successes + failures > 0} />
          <strong>{t(`deployments.place.probe.${probe}`)}</strong>
          <span>
            {successes + failures > 0 && last}
            {latencyMs !== undefined && `, ${durationText(latencyMs, i18n.language)}`}
          </span>
          {successes + failures > 0 && (
            <small>{t("deployments.place.counts", { successes, failures })}</small>
          )}
        </li>
      ))}
    </ul>
  );
}

function Answer({ healthy, tried }: { healthy: boolean; tried: boolean }) {
  const { t } = useTranslation();
  if (!healthy && !tried) return <StateBadge word={t("deployments.place.untried")} tone="neutral" />;
  return (
    <StateBadge
      word={t(healthy ? "deployments.place.healthy" : "deployments.place.failing")}
      tone={healthy ? "good" : "bad"}
    />
  );
}

/** Which of them fail, in one line. */
export function ProbesInShort({ probes }: { probes: readonly components["schemas"]["ProbeStatus"][] }) {
  const { t } = useTranslation();
  const failing = probes.filter(({ healthy }) => !healthy);
  return failing.length === 0
    ? t("deployments.place.healthy")
    : failing.map(({ probe, last }) => `${t(`deployments.place.probe.${probe}`)}: ${last}`).join("; ");
}
