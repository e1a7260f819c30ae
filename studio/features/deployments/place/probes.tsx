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
          <StateBadge
            word={t(healthy ? "deployments.place.healthy" : "deployments.place.failing")}
            tone={healthy ? "good" : "bad"}
          />
          <strong>{t(`deployments.place.probe.${probe}`)}</strong>
          <span>
            {last}
            {latencyMs !== undefined && `, ${durationText(latencyMs, i18n.language)}`}
          </span>
          <small>{t("deployments.place.counts", { successes, failures })}</small>
        </li>
      ))}
    </ul>
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
