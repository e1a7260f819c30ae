/** What was said and decided about the release, the newest first. */
import { useTranslation } from "react-i18next";
import { Panel } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./approval.module.css";
import type { ApprovalView } from "./use-approval.ts";

export function History({ view: { history } }: { view: ApprovalView }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("approvals.history.title")}>
      <ol className={styles.list}>
        {history.toReversed().map(({ sequence, at, what, why, who }) => (
          <li key={sequence} className={styles.event}>
            <p className={styles.muted}>
              {who.name} · <Time at={at} />
            </p>
            <p>
              <Told text={what} />
            </p>
            {why !== undefined && (
              <p className={styles.said}>
                <Told text={why} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
