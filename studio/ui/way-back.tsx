/** Where a page belongs, above its title: the way back to the others. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "./icon.tsx";
import styles from "./way-back.module.css";

export function WayBack({
  to,
  icon,
  children,
}: {
  to: NonNullable<LinkProps["to"]>;
  icon: string;
  children: string;
}) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("app.way")} className={styles.way}>
      <Link to={to}>
        <Icon name={icon} /> {children}
      </Link>
    </nav>
  );
}
