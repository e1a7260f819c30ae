import styles from "./calendar.module.css";

/** A freeze goes by the clocks of its zone; where they are the viewer's own, the time stands there already. */
export function OtherClock({ timeZone, children }: { timeZone: string; children: string }) {
  if (timeZone === Intl.DateTimeFormat().resolvedOptions().timeZone) return null;
  return <span className={styles.words}>{children}</span>;
}
