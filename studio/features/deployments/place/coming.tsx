/** What is on its way to the place, and which versions are held out of it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Panel } from "../../../ui/panel.tsx";
import { ShownState } from "../../../ui/shown-state.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { Time } from "../../../ui/time.tsx";
import { DeliveryLink } from "../delivery-link.tsx";
import styles from "./place.module.css";

export function Coming({ cell: { coming, held } }: { cell: components["schemas"]["MatrixCell"] }) {
  const { t } = useTranslation();
  if (coming.length === 0 && held.length === 0) return null;
  return (
    <Panel title={t(coming.length > 0 ? "deployments.comingTitle" : "deployments.heldTitle")}>
      <ul className={styles.stack}>
        {coming.map(({ subject, version, releaseId, state, since }) => (
          <li key={subject.traceId + releaseId} className={styles.row}>
            <ShownState state={state} />
            <strong>{version}</strong>
            <DeliveryLink subject={subject}>{subject.traceId}</DeliveryLink>
            <Time at={since} />
            {releaseId !== undefined && state.word === "needs-approval" && (
              <Link to="/approvals/$releaseId" params={{ releaseId }}>
                {t("deployments.toRelease", { releaseId })}
              </Link>
            )}
          </li>
        ))}
        {held.map(({ version, releaseId, reason, at }) => (
          <li key={releaseId} className={styles.row}>
            <StateBadge word={t("deployments.held", { version })} tone="warn" icon="pause" />
            <span>{reason}</span>
            <Time at={at} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
