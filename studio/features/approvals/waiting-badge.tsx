/** How much waits for whoever is signed in: beside the navigation's entry, and where that is folded away, in the bar. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/icon.tsx";
import { useWaitingForMe } from "./use-waiting.ts";
import styles from "./waiting-badge.module.css";

export function WaitingBadge() {
  const { t } = useTranslation();
  const count = useWaitingForMe();
  if (count === 0) return null;
  return (
    <span className={styles.badge}>
      <span aria-hidden="true">{count}</span>
      <span className="hidden-visually">{t("approvals.waitingForYou", { count })}</span>
    </span>
  );
}

export function WaitingLink() {
  const { t } = useTranslation();
  const count = useWaitingForMe();
  if (count === 0) return null;
  return (
    <Link to="/approvals" className={styles.link} aria-label={t("approvals.waitingForYou", { count })}>
      <Icon name="inbox" size={18} />
      <span className={styles.badge}>{count}</span>
    </Link>
  );
}
