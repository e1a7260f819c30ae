/** What is signed, as it is signed: the server's statement with the words that were typed. */
import { useTranslation } from "react-i18next";
import { DigestFacts } from "../digest-list.tsx";
import type { ApprovalView, Digests } from "../use-approval.ts";
import styles from "./acts.module.css";

interface StatementProps {
  view: ApprovalView;
  verb: "approve" | "reject" | "requestChanges";
  comment: string;
  digests: Digests | null;
}

export function Statement({ view, verb, comment, digests }: StatementProps) {
  const { t } = useTranslation();
  const statement = view.statements?.[verb];
  return (
    <div className={styles.signed}>
      <h3>{t("approvals.acts.signed")}</h3>
      {digests !== null && <DigestFacts digests={digests} />}
      {statement !== undefined && (
        <details>
          <summary>{t("approvals.acts.statement")}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
          <pre tabIndex={0}>{shown(statement, comment, t("approvals.acts.whenConfirmed"))}</pre>
        </details>
      )}
    </div>
  );
}

function shown(statement: string, comment: string, at: string): string {
  const { predicate, ...rest } = JSON.parse(statement) as { predicate: object };
  return JSON.stringify({ ...rest, predicate: { ...predicate, comment, at } }, null, 2);
}
