import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHead } from "../../../../ui/panel.tsx";
import { ShownState } from "../../../../ui/shown-state.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { WayBack } from "../../../../ui/way-back.tsx";
import type { Status } from "../shapes.ts";
import { useCard } from "../use-delivery.ts";
import { Downloads } from "./downloads.tsx";
import styles from "./head.module.css";

export function DeliveryHead({ status }: { status: Status }) {
  const { t } = useTranslation();
  const card = useCard();
  const { subject, version, sponsor, startedAt, supersededBy, supersedes = [] } = status;
  const { moduleId, traceId } = subject;
  return (
    <>
      <WayBack to="/deliveries" icon="package">
        {t("deliveries.title")}
      </WayBack>
      <PageHead
        title={
          <>
            {moduleId} <span className={styles.version}>{version}</span>
          </>
        }
        meta={
          <>
            {card !== undefined && <ShownState state={card.state} />}
            {card?.compliance === true && (
              <StateBadge word={t("deliveries.compliance")} tone="info" icon="shield-check" />
            )}
            <code>{traceId}</code>
            {sponsor !== undefined && <span>{t("deliveries.by", { sponsor })}</span>}
            {startedAt !== undefined && (
              <span>
                {t("deliveries.begun")} <Time at={startedAt} />
              </span>
            )}
            {supersededBy !== undefined && (
              <Link to="/deliveries/$traceId/$moduleId" params={{ traceId: supersededBy, moduleId }}>
                {t("deliveries.supersededBy", { traceId: supersededBy })}
              </Link>
            )}
            {supersedes.map((older) => (
              <Link
                key={older.traceId}
                to="/deliveries/$traceId/$moduleId"
                params={{ traceId: older.traceId, moduleId }}
              >
                {t("deliveries.supersedes", { traceId: older.traceId })}
              </Link>
            ))}
          </>
        }
        actions={<Downloads />}
      />
    </>
  );
}
