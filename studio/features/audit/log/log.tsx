/** The tenant's signed log: whether the database still fits it, its newest checkpoint, and the keys that sign it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { ActionButton } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Facts, PageHead, Panel } from "../../../ui/panel.tsx";
import styles from "../verify/verify.module.css";
import { CheckAnswer } from "./check-answer.tsx";
import { Keys } from "./keys.tsx";

export function Log() {
  const { t } = useTranslation();
  const may = useRight("export");
  usePageTitle(t("audit.log"));
  const check = query.useMutation("post", "/audit/checks");
  const publish = query.useMutation("post", "/audit/checkpoints");
  return (
    <>
      <PageHead title={t("audit.log")} meta={<Link to="/audit">{t("audit.toRecord")}</Link>} />
      <Panel
        title={t("audit.checked.title")}
        aside={
          <ActionButton
            {...may}
            tone="primary"
            size="small"
            disabled={check.isPending}
            onPress={() => check.mutate({ body: {} })}
          >
            {t(check.isPending ? "audit.verify.running" : "audit.checked.run")}
          </ActionButton>
        }
      >
        <div className={styles.stack}>
          <p className={styles.muted}>{t("audit.checked.intro")}</p>
          <Refused error={check.error} />
          {check.data !== undefined && <CheckAnswer answer={check.data} />}
        </div>
      </Panel>
      <Panel
        title={t("audit.checkpoint.title")}
        aside={
          <ActionButton {...may} size="small" disabled={publish.isPending} onPress={() => publish.mutate({})}>
            {t("audit.checkpoint.make")}
          </ActionButton>
        }
      >
        <div className={styles.stack}>
          <p className={styles.muted}>{t("audit.checkpoint.intro")}</p>
          <Refused error={publish.error} />
          {publish.data !== undefined && (
            <>
              <Facts
                of={[
                  [t("audit.checkpoint.origin"), publish.data.origin],
                  [t("audit.checkpoint.size"), publish.data.size],
                ]}
              />
              <pre className={styles.note}>{publish.data.note}</pre>
              <div>
                <CopyButton text={publish.data.note} label={t("audit.checkpoint.copy")} />
              </div>
            </>
          )}
        </div>
      </Panel>
      <Keys />
    </>
  );
}
