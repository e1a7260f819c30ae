/** One delivery, verified by the server in front of whoever looks: each check with its verdict, and the chain itself. */
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { useSession } from "../../../app/session/session-gate.tsx";
import { Button, buttonClass } from "../../../ui/button.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import { Chain } from "./chain.tsx";
import { ExportArchive } from "./export-archive.tsx";
import { Verdict } from "./verdict.tsx";
import styles from "./verify.module.css";

export function Verify() {
  const { t } = useTranslation();
  const { traceId, moduleId } = useParams({ strict: false }) as { traceId: string; moduleId: string };
  const { tenantId } = useSession();
  usePageTitle(t("audit.verify.title", { moduleId }));
  const [whole, setWhole] = useState(false);
  const subject = { tenantId, traceId, moduleId };
  const verdict = query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}/verification", {
    params: { path: subject, query: whole ? { tenant: "true" } : {} },
  });
  return (
    <>
      <PageHead
        title={t("audit.verify.title", { moduleId })}
        meta={
          <>
            <span>{traceId}</span>
            <Link to="/deliveries/$traceId/$moduleId" params={{ traceId, moduleId }}>
              {t("audit.verify.delivery")}
            </Link>
            <Link to="/audit" search={{ module: moduleId }}>
              {t("audit.verify.record")}
            </Link>
          </>
        }
        actions={<ExportArchive traceId={traceId} />}
      />
      <Panel
        title={t("audit.verify.checks")}
        aside={
          <Button size="small" disabled={verdict.isFetching} onPress={() => void verdict.refetch()}>
            <Icon name="refresh-cw" />
            {t("audit.verify.again")}
          </Button>
        }
      >
        <div className={styles.stack} aria-busy={verdict.isFetching}>
          <p className={styles.muted}>{t("audit.verify.intro")}</p>
          <Checkbox checked={whole} onChange={setWhole}>
            {t("audit.verify.whole")}
          </Checkbox>
          <Refused error={verdict.error} />
          {verdict.isPending && <p role="status">{t("audit.verify.running")}</p>}
          {verdict.data !== undefined && <Verdict verdict={verdict.data} />}
        </div>
      </Panel>
      <Chain subject={subject} />
      <p className={styles.foot}>
        <Link to="/audit/log" className={buttonClass}>
          {t("audit.log")}
        </Link>
      </p>
    </>
  );
}
