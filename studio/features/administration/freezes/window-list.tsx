import { useTranslation } from "react-i18next";
import { Time } from "../../../ui/time.tsx";
import styles from "./calendar.module.css";
import { OtherClock } from "./other-clock.tsx";
import type { Window } from "./window.ts";

/** A rule may bring one every hour. */
const most = 40;

export function WindowList({ windows }: { windows: Window[] }) {
  const { t } = useTranslation();
  if (windows.length === 0) return <p className={styles.words}>{t("administration.freezes.noWindows")}</p>;
  return (
    <ul className={styles.windows} aria-label={t("administration.freezes.windows")}>
      {windows.slice(0, most).map(({ id, reason, from, until, words, timeZone }) => (
        <li key={id + from}>
          <strong>{reason}</strong>
          <span>
            <Time at={from} form="exact" /> –{" "}
            {until === undefined ? t("administration.freezes.noEnd") : <Time at={until} form="exact" />}
          </span>
          <OtherClock timeZone={timeZone}>{words}</OtherClock>
        </li>
      ))}
      {windows.length > most && (
        <li className={styles.words}>{t("administration.freezes.more", { count: windows.length - most })}</li>
      )}
    </ul>
  );
}
