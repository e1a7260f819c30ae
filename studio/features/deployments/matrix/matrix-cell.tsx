/** One place: what serves, how it is and since when; below it what is on its way, what differs and what is held. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ShownState, toneOf } from "../../../ui/shown-state.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { Time } from "../../../ui/time.tsx";
import styles from "./matrix.module.css";
import type { Cell } from "./use-matrix.ts";

export function MatrixCell({ moduleId, cell }: { moduleId: string; cell: Cell }) {
  const { t } = useTranslation();
  const { environment, serving, coming, held, atHand } = cell;
  const to = { to: "/deployments/$environment/$moduleId", params: { environment, moduleId } } as const;
  if (serving === undefined && coming.length === 0 && held.length === 0)
    return atHand === undefined ? (
      <span className={styles.nothing}>{t("deployments.nothingYet")}</span>
    ) : (
      <Link {...to} className={styles.nothing}>
        {t("deployments.nothingServes")}
      </Link>
    );
  return (
    <div className={styles.cell}>
      <div className={styles.line}>
        <Link {...to}>
          <span className="hidden-visually">{t("deployments.at", { moduleId, environment })} </span>
          {serving === undefined ? t("deployments.nothingServes") : <strong>{serving.version}</strong>}
        </Link>
        {serving !== undefined && (
          <StateBadge
            word={serving.health.label}
            tone={toneOf[serving.health.tone]}
            icon={serving.health.icon}
          />
        )}
      </div>
      {serving !== undefined && <Measured serving={serving} />}
      {coming.map(({ subject, version, state, releaseId }) => (
        <div key={subject.traceId + releaseId} className={styles.line}>
          <Link
            to="/deliveries/$traceId/$moduleId"
            params={{ traceId: subject.traceId, moduleId: subject.moduleId }}
            className={styles.coming}
          >
            {t("deployments.coming", { version })}
          </Link>
          <ShownState state={state} />
        </div>
      ))}
      {held.map(({ version, reason, releaseId }) => (
        <div key={releaseId} className={styles.line} title={reason}>
          <StateBadge word={t("deployments.held", { version })} tone="warn" icon="pause" />
        </div>
      ))}
    </div>
  );
}

function Measured({ serving }: { serving: NonNullable<Cell["serving"]> }) {
  const { t } = useTranslation();
  const { deployedAt, instances, restartCount = 0, drift, trouble } = serving;
  return (
    <>
      <div className={styles.meta}>
        <Time at={deployedAt} />
        {instances !== undefined && (
          <span>{t("deployments.ready", { ready: instances.ready, total: instances.total })}</span>
        )}
        {restartCount > 0 && <span>{t("deployments.restarts", { count: restartCount })}</span>}
      </div>
      {drift !== undefined && (
        <div className={styles.line} title={drift.differences.join("\n")}>
          <StateBadge
            word={t("deployments.differs", { count: drift.differences.length })}
            tone="warn"
            icon="triangle-alert"
          />
        </div>
      )}
      {trouble !== undefined && <div className={styles.trouble}>{trouble}</div>}
    </>
  );
}
