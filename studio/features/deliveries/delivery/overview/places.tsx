/** The environments of the promotion path: how it stands there, which release, where it serves and how healthy. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../../app/api/api.ts";
import { OutsideLink } from "../../../../ui/outside-link.tsx";
import { Panel } from "../../../../ui/panel.tsx";
import { ShownState, toneOf } from "../../../../ui/shown-state.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { Told } from "../../../../ui/told.tsx";
import { useCard, useStatus, useSubject } from "../use-delivery.ts";
import styles from "./overview.module.css";

export function Places() {
  const { t } = useTranslation();
  const { data: status } = useStatus();
  return (
    <Panel title={t("deliveries.places.title")}>
      <ol className={styles.places}>
        {(status?.environments ?? []).map((environment) => (
          <Place key={environment} environment={environment} />
        ))}
      </ol>
    </Panel>
  );
}

function Place({ environment }: { environment: string }) {
  const { t } = useTranslation();
  const { moduleId } = useSubject();
  const { data: status } = useStatus();
  const card = useCard();
  const place = card?.places.find((one) => one.environment === environment);
  const situation = status?.explanation.situations.find((one) => one.environment === environment);
  return (
    <li className={styles.place}>
      <h3>
        {environment} {place !== undefined && <ShownState state={place.state} />}
      </h3>
      {place === undefined ? (
        <p>{t(card === undefined ? "app.loading" : "deliveries.places.ahead")}</p>
      ) : (
        <>
          <p className={styles.facts}>
            {place.releaseId !== undefined && (
              <Link to="/approvals/$releaseId" params={{ releaseId: place.releaseId }}>
                {place.releaseId}
              </Link>
            )}
            <span>
              {t("deliveries.places.since")} <Time at={place.since} />
            </span>
            <Link to="/deployments/$environment/$moduleId" params={{ environment, moduleId }}>
              {t("deliveries.places.place")}
            </Link>
          </p>
          {situation !== undefined && (
            <p className={styles.sentence}>
              <Told text={situation.sentence} />
            </p>
          )}
          {place.url !== undefined && (
            <p className={styles.address}>
              <OutsideLink href={place.url} />
            </p>
          )}
          {place.releaseId !== undefined && <Health environment={environment} releaseId={place.releaseId} />}
        </>
      )}
    </li>
  );
}

/** By looking at what runs there. */
function Health({ environment, releaseId }: { environment: string; releaseId: string }) {
  const { t } = useTranslation();
  const { moduleId } = useSubject();
  const { data } = query.useQuery(
    "get",
    "/deployments/{environment}/{moduleId}",
    { params: { path: { environment, moduleId } } },
    { meta: { live: "tenant" } },
  );
  const running = data?.running?.find((one) => one.releaseId === releaseId);
  if (running === undefined) return null;
  return (
    <p className={styles.facts}>
      {t("deliveries.places.health")}{" "}
      <StateBadge word={running.health.label} icon={running.health.icon} tone={toneOf[running.health.tone]} />
    </p>
  );
}
