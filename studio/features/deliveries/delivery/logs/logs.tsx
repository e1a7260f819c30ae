/** What the release writes where it runs, as it writes it. */
import { useTranslation } from "react-i18next";
import { Button } from "../../../../ui/button.tsx";
import { DownloadText } from "../../../../ui/code/download-text.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Empty } from "../../../../ui/panel.tsx";
import { PlaceChoice, usePlace } from "../place-choice.tsx";
import { useSubject } from "../use-delivery.ts";
import { LogLines } from "./log-lines.tsx";
import styles from "./logs.module.css";
import { useLog } from "./use-log.ts";

export function Logs() {
  const { t } = useTranslation();
  const { moduleId } = useSubject();
  const { environment, place } = usePlace();
  const releaseId = place?.releaseId;
  const log = useLog({ environment, moduleId, releaseId });
  const { lines, waiting, dropped, paused, state, problem } = log;
  const text = () => lines.map(({ line }) => line).join("\n");
  return (
    <>
      <div className={styles.bar}>
        <PlaceChoice />
        {problem === undefined && (
          <>
            <Button onPress={log.toggle}>
              <Icon name={paused ? "play" : "pause"} />
              {paused ? t("deliveries.logs.resume", { count: waiting }) : t("deliveries.logs.pause")}
            </Button>
            <Button onPress={log.clear}>{t("deliveries.logs.clear")}</Button>
            {lines.length > 0 && (
              <DownloadText text={text()} name={`${moduleId}-${environment}.log`} size="normal" />
            )}
            <span role="status">
              {paused ? t("deliveries.logs.paused") : t(`deliveries.logs.${state}`)}
              {dropped > 0 && ` · ${t("deliveries.logs.dropped", { count: dropped })}`}
            </span>
          </>
        )}
      </div>
      {problem !== undefined ? (
        <Notice tone="warn" title={problem.detail} live>
          {problem.next}
        </Notice>
      ) : lines.length === 0 ? (
        <Empty icon="scroll-text" title={t("deliveries.logs.none")} />
      ) : (
        <LogLines lines={lines} />
      )}
    </>
  );
}
