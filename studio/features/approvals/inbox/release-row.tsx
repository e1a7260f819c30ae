import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { buttonClass } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Time } from "../../../ui/time.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./inbox.module.css";

type Release = components["schemas"]["WaitingRelease"];

/** A release that waits: what for, since when, what is missing, and what to weigh, each in a line. */
export function ReleaseRow({ release, mine }: { release: Release; mine: boolean }) {
  const { t } = useTranslation();
  const { releaseId, subject, version, environment, since, open, voted, why, sponsor, serving } = release;
  return (
    <li className={styles.row} data-mine={mine}>
      <div>
        <h3>
          <Link to="/approvals/$releaseId" params={{ releaseId }}>
            {t("approvals.heading", { moduleId: subject.moduleId, version, environment })}
          </Link>
        </h3>
        <p className={styles.meta}>
          <span>{releaseId}</span>
          <span>{t("approvals.handedOverBy", { sponsor })}</span>
          <span>
            {t("approvals.since")} <Time at={since} />
          </span>
        </p>
        <p>{t("approvals.inbox.missing", { open })}</p>
        <p>
          {serving === null
            ? t("approvals.inbox.nothingRuns")
            : t("approvals.inbox.against", { version: serving.version })}
        </p>
        <Warnings of={release} />
        {voted && <p className={styles.note}>{t("approvals.inbox.voted")}</p>}
        {!mine && !voted && why !== undefined && (
          <p className={styles.note}>
            <Told text={why} />
          </p>
        )}
      </div>
      <Link
        to="/approvals/$releaseId"
        params={{ releaseId }}
        className={buttonClass}
        data-tone={mine ? "primary" : "plain"}
        aria-label={`${t(mine ? "approvals.inbox.decide" : "approvals.inbox.look")}: ${releaseId}`}
      >
        {t(mine ? "approvals.inbox.decide" : "approvals.inbox.look")}
      </Link>
    </li>
  );
}

/** What one wants to know before one opens it. */
function Warnings({ of: { irreversible, policy, escalations } }: { of: Release }) {
  const { t } = useTranslation();
  const lines = [
    ...irreversible,
    ...(policy.selfApproval ? [t("approvals.inbox.selfApproval")] : []),
    ...(escalations.length > 0 ? [t("approvals.inbox.escalated", { count: escalations.length })] : []),
  ];
  return lines.map((line) => (
    <p key={line} className={styles.risk}>
      <Icon name="triangle-alert" /> <span>{line}</span>
    </p>
  ));
}
