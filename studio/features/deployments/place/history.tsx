/** Every release that was proposed for the place, newest first: who approved it, how long it took, how it ended. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Button } from "../../../ui/button.tsx";
import { ShownState } from "../../../ui/shown-state.tsx";
import { Table } from "../../../ui/table.tsx";
import { durationText, Time } from "../../../ui/time.tsx";
import { Told } from "../../../ui/told.tsx";
import { FailureDetails } from "../acts/failure-details.tsx";
import { DeliveryLink } from "../delivery-link.tsx";
import styles from "./place.module.css";

type Release = components["schemas"]["ReleaseRecord"];

const bad = new Set(["failed", "rolled-back", "rejected", "revoked"]);

export function History({ releases }: { releases: readonly Release[] }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState<Release>();
  return (
    <>
      <Table
        label={t("deployments.history.title")}
        rows={releases}
        keyOf={({ releaseId }) => releaseId}
        columns={[
          { title: t("deployments.history.release"), heads: true, cell: (one) => <Named release={one} /> },
          { title: t("deployments.history.outcome"), cell: (one) => <Outcome release={one} /> },
          { title: t("deployments.history.approved"), cell: (one) => <Approvals release={one} /> },
          { title: t("deployments.history.took"), cell: (one) => <Duration release={one} /> },
          {
            title: t("deployments.history.more"),
            acts: true,
            cell: (one) =>
              bad.has(one.state.word) && (
                <Button
                  size="small"
                  label={`${t("deployments.failure.name")}: ${one.releaseId}`}
                  onPress={() => setFailed(one)}
                >
                  {t("deployments.failure.name")}
                </Button>
              ),
          },
        ]}
      />
      {failed !== undefined && (
        <FailureDetails
          of={failed.releaseId}
          moduleId={failed.subject.moduleId}
          onClose={() => setFailed(undefined)}
        />
      )}
    </>
  );
}

function Named({ release: { version, releaseId, subject, commit } }: { release: Release }) {
  return (
    <div className={`${styles.lines} ${styles.plain}`}>
      <strong>{version}</strong>
      <DeliveryLink subject={subject}>{releaseId}</DeliveryLink>
      {commit !== undefined && <code className={styles.quiet}>{commit.slice(0, 12)}</code>}
    </div>
  );
}

function Outcome({ release: { state, at, reasons, rollback } }: { release: Release }) {
  const { t } = useTranslation();
  return (
    <div className={styles.lines}>
      <span>
        <ShownState state={state} />
      </span>
      <small className={styles.quiet}>
        <Time at={at} />
      </small>
      {rollback?.by !== undefined && (
        <small>
          {t("deployments.history.takenBack", { by: rollback.by })}
          {rollback.code !== undefined && ` (${rollback.code})`}
        </small>
      )}
      {rollback?.comment !== undefined && <small>{rollback.comment}</small>}
      {rollback !== undefined && rollback.restored !== undefined && (
        <small>{t("deployments.history.restored", { version: rollback.restored })}</small>
      )}
      {reasons.map(({ code, message }) => (
        <small key={code + message}>
          <Told text={message} />
        </small>
      ))}
    </div>
  );
}

function Approvals({ release: { approvals, passedAt, state } }: { release: Release }) {
  const { t } = useTranslation();
  if (approvals.length === 0)
    return (
      <span className={styles.quiet}>
        {passedAt !== undefined
          ? t("deployments.history.noneNeeded")
          : state.word === "needs-approval" && t("deployments.history.nobody")}
      </span>
    );
  return (
    <ul className={styles.lines}>
      {approvals.map(({ by, role, comment, onBehalfOf, at }) => (
        <li key={by + at} className={styles.lines}>
          <span className={styles.names}>
            {by}
            {role !== undefined && `, ${role}`}
            {onBehalfOf !== undefined && `, ${t("deployments.history.for", { person: onBehalfOf })}`}
          </span>
          {comment !== undefined && <small className={styles.quiet}>{comment}</small>}
        </li>
      ))}
    </ul>
  );
}

function Duration({ release: { durationMs, attempts, startupTimeMs } }: { release: Release }) {
  const { t, i18n } = useTranslation();
  if (durationMs === undefined) return null;
  return (
    <div className={styles.lines}>
      <span>{durationText(durationMs, i18n.language)}</span>
      {startupTimeMs !== undefined && (
        <small className={styles.quiet}>
          {t("deployments.history.startup", { time: durationText(startupTimeMs, i18n.language) })}
        </small>
      )}
      {attempts !== undefined && attempts > 1 && (
        <small>{t("deployments.history.attempts", { count: attempts })}</small>
      )}
    </div>
  );
}
