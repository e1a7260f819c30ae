/** One module in one environment: what runs there, what is on its way, what was, and what one can do about it. */
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import { ShownState } from "../../../ui/shown-state.tsx";
import { WayBack } from "../../../ui/way-back.tsx";
import { ActBar } from "../acts/act-bar.tsx";
import { Coming } from "./coming.tsx";
import { Drift } from "./drift.tsx";
import { History } from "./history.tsx";
import styles from "./place.module.css";
import { Running } from "./running.tsx";

export function Place() {
  const { t } = useTranslation();
  const { environment = "", moduleId = "" } = useParams({ strict: false });
  const { data, error } = query.useQuery(
    "get",
    "/deployments/{environment}/{moduleId}",
    { params: { path: { environment, moduleId } } },
    { meta: { live: "tenant" } },
  );
  const newest = data?.releases[0];
  const { data: matrix } = query.useQuery(
    "get",
    "/matrix",
    { params: { query: { moduleId } } },
    { meta: { live: "tenant" } },
  );
  const cell = matrix?.rows[0]?.cells.find((one) => one.environment === environment);
  return (
    <>
      <WayBack to="/deployments" icon="layout-grid">
        {t("deployments.title")}
      </WayBack>
      <PageHead
        title={t("deployments.place.title", { moduleId, environment })}
        meta={
          <>
            {newest !== undefined && <ShownState state={newest.state} />}
            <Link to="/deployments" search={{ q: moduleId }}>
              {t("deployments.place.everywhere", { moduleId })}
            </Link>
          </>
        }
      />
      <Refused error={error} />
      {data !== undefined && (
        <div className={styles.page}>
          <div className={styles.runs}>
            <Running place={data} />
            {cell !== undefined && <Coming cell={cell} />}
          </div>
          <div className={styles.acts}>
            {cell !== undefined && (
              <ActBar
                moduleId={moduleId}
                cell={cell}
                newest={newest}
                firstEnvironment={matrix?.environments[0] ?? environment}
              />
            )}
          </div>
          <div className={styles.rest}>
            <Drift environment={environment} moduleId={moduleId} />
            <Panel title={t("deployments.history.title")}>
              <History releases={data.releases} />
            </Panel>
          </div>
        </div>
      )}
      {data === undefined && !error && (
        <p className={styles.quiet} role="status">
          {t("app.loading")}
        </p>
      )}
    </>
  );
}
