import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/icon.tsx";
import { useConnection } from "../live/live.ts";
import styles from "./shell.module.css";

export function ConnectionState() {
  const { t } = useTranslation();
  const connection = useConnection();
  const icon = { live: "activity", refused: "ban", connecting: "loader", lost: "loader" }[connection];
  return (
    <span className={styles.connection} data-state={connection} role="status">
      <Icon name={icon} />
      <span>{t(`app.${connection}`)}</span>
    </span>
  );
}
