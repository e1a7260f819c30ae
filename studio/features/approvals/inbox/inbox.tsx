/** What waits for people: the reader's own first, then everybody else's with why it is not theirs. */
import { useTranslation } from "react-i18next";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import { useConfirmations, usePending } from "../use-waiting.ts";
import { ConfirmationRow } from "./confirmation-row.tsx";
import { Decided } from "./decided.tsx";
import styles from "./inbox.module.css";
import { ReleaseRow } from "./release-row.tsx";

export function Inbox() {
  const { t } = useTranslation();
  usePageTitle(t("approvals.title"));
  const must = { throwOnError: true };
  const pending = usePending(must).data;
  const confirmations = useConfirmations(must).data;
  return (
    <>
      <PageHead title={t("approvals.title")} />
      {pending === undefined || confirmations === undefined ? (
        <p role="status">{t("app.loading")}</p>
      ) : (
        <Waiting pending={pending} confirmations={confirmations} />
      )}
    </>
  );
}

interface WaitingProps {
  pending: NonNullable<ReturnType<typeof usePending>["data"]>;
  confirmations: NonNullable<ReturnType<typeof useConfirmations>["data"]>;
}

function Waiting({ pending, confirmations }: WaitingProps) {
  const { t } = useTranslation();
  const isMine = ({ mayApprove, voted }: (typeof pending)[number]) => mayApprove && !voted;
  const mine = pending.filter(isMine);
  const others = pending.filter((one) => !isMine(one));
  const toConfirm = confirmations.filter(({ yours }) => yours);
  const forOthers = confirmations.filter(({ yours }) => !yours);
  return (
    <div className={styles.page}>
      {mine.length + toConfirm.length === 0 ? (
        <Empty icon="inbox" title={t("approvals.inbox.empty")}>
          <p>{t("approvals.inbox.emptyText")}</p>
        </Empty>
      ) : (
        <Panel title={t("approvals.inbox.yours")}>
          <ul className={styles.rows}>
            {mine.map((release) => (
              <ReleaseRow key={release.releaseId} release={release} mine />
            ))}
            {toConfirm.map((one) => (
              <ConfirmationRow key={one.kind + one.id} confirmation={one} />
            ))}
          </ul>
        </Panel>
      )}
      {others.length + forOthers.length > 0 && (
        <Panel title={t("approvals.inbox.others")}>
          <ul className={styles.rows}>
            {others.map((release) => (
              <ReleaseRow key={release.releaseId} release={release} mine={false} />
            ))}
            {forOthers.map((one) => (
              <ConfirmationRow key={one.kind + one.id} confirmation={one} />
            ))}
          </ul>
        </Panel>
      )}
      <Decided />
    </div>
  );
}
