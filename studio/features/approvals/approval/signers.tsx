/** Who must sign, who has, and whether what they signed holds. */
import { useTranslation } from "react-i18next";
import { Icon } from "../../../ui/icon.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import styles from "./approval.module.css";
import type { ApprovalView } from "./use-approval.ts";

type Pending = NonNullable<ApprovalView["pending"]>;

export function Signers({ view: { pending } }: { view: ApprovalView }) {
  const { t, i18n } = useTranslation();
  if (pending === null) return null;
  const { asks, open, missing, eligible, votes, escalations } = pending;
  const people = new Intl.ListFormat(i18n.language, { type: "disjunction" });
  return (
    <Panel title={t("approvals.signers.title")}>
      <p>{t("approvals.signers.asks", { asks })}</p>
      {missing > 0 && open !== asks && <p>{t("approvals.signers.open", { count: missing, open })}</p>}
      <p className={styles.muted}>
        {eligible.length === 0
          ? t("approvals.signers.nobody")
          : t("approvals.signers.eligible", { people: people.format(eligible) })}
      </p>
      {votes.length === 0 && <p>{t("approvals.signers.none")}</p>}
      <ul className={styles.list}>
        {votes.map((vote) => (
          <Vote key={vote.by + vote.at} vote={vote} />
        ))}
      </ul>
      {escalations.map(({ at, to, by, reason }) => (
        <p key={at} className={styles.muted}>
          {t("approvals.signers.escalated", { to: people.format(to) })} <Time at={at} />
          {by !== undefined && `, ${by}`}
          {reason !== undefined && `: ${reason}`}
        </p>
      ))}
    </Panel>
  );
}

function Vote({ vote }: { vote: Pending["votes"][number] }) {
  const { t } = useTranslation();
  const { by, onBehalfOf, role, at, comment, counts, note, signature, expiresAt } = vote;
  return (
    <li className={styles.line} data-tone={counts ? "good" : "bad"}>
      <Icon name={counts ? "circle-check" : "circle-x"} />
      <div>
        <strong>{by}</strong>
        {onBehalfOf !== undefined && ` ${t("approvals.signers.for", { person: onBehalfOf })}`}
        {role !== undefined && ` · ${role}`} · <Time at={at} />
        <p>
          {counts ? t("approvals.signers.counts") : t("approvals.signers.countsNot", { note })}
          {counts && note !== "counts" && ` (${note})`} · {signature}
        </p>
        {expiresAt !== undefined && (
          <p className={styles.muted}>
            {t("approvals.signers.expires")} <Time at={expiresAt} form="exact" />
          </p>
        )}
        {comment !== "" && <p className={styles.said}>{comment}</p>}
      </div>
    </li>
  );
}
