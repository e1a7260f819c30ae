import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import styles from "./subscriptions.module.css";

/** Who holds it back, since when and why. */
export function PausedBy({ by, at, reason }: components["schemas"]["Pause"]) {
  const { t } = useTranslation();
  return (
    <div>
      {t("administration.subscriptions.pausedBy", { by })} <Time at={at} />
      <span className={`${parts.muted} ${styles.long}`}>{reason}</span>
    </div>
  );
}
