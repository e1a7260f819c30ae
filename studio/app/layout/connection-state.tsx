import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/icon.tsx";
import { useConnection } from "../live/live.ts";
import styles from "./shell.module.css";

export function ConnectionState() {
  const { t } = useTranslation();
  const connection = useConnection();
  return (
    <span className={styles.connection} data-state={connection} role="status">
      <Icon name={connection === "live" ? "activity" : "loader"} />
      <span>{t(`app.${connection}`)}</span>
    </span>
  );
}
