/** What the reader decided lately, each with the way back to it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useSession } from "../../../app/session/session-gate.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import styles from "./inbox.module.css";

const decisions = ["ApprovalGranted", "ApprovalRefused", "FreezeOverrideRequested", "FreezeOverridden"];
const shown = 10;

export function Decided() {
  const { t } = useTranslation();
  const { person } = useSession();
  const asked = { who: person, action: decisions.join(","), limit: shown };
  const { data } = query.useQuery(
    "get",
    "/audit/events",
    { params: { query: asked } },
    { meta: { live: "tenant" } },
  );
  if (data === undefined) return null;
  return (
    <Panel title={t("approvals.inbox.decided")}>
      {data.items.length === 0 && <p className={styles.note}>{t("approvals.inbox.noDecisions")}</p>}
      <ul className={styles.rows}>
        {data.items.map(({ at, what, why, moduleId, environment, releaseId, hash }) => (
          <li key={hash} className={styles.row}>
            <div>
              <p>
                {releaseId !== undefined && (
                  <Link to="/approvals/$releaseId" params={{ releaseId }}>
                    {t("approvals.inbox.place", { moduleId, environment })}
                  </Link>
                )}
              </p>
              <p className={styles.meta}>
                <span>{what}</span>
                <span>{releaseId}</span>
                <Time at={at} />
              </p>
              {why !== undefined && <p className={styles.note}>{why}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
