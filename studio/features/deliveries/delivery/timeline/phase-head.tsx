import { useTranslation } from "react-i18next";
import { durationText, Time } from "../../../../ui/time.tsx";
import styles from "./timeline.module.css";
import type { TimelineRow } from "./timeline-rows.ts";

export function PhaseHead({ row }: { row: Extract<TimelineRow, { kind: "phase" }> }) {
  const { t, i18n } = useTranslation();
  const lasted = Date.parse(row.to) - Date.parse(row.from);
  return (
    <div className={styles.phase}>
      <h2>{t(`deliveries.phase.${row.phase}`)}</h2>
      <span>
        {t("deliveries.timeline.events", { count: row.count })} · <Time at={row.from} />
        {lasted > 0 && ` · ${durationText(lasted, i18n.language)}`}
      </span>
    </div>
  );
}
