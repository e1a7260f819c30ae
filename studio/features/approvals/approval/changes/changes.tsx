/** What would be another than what runs, each kind behind its tab; the code's text is loaded when somebody looks at it. */
import { lazy, Suspense } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Panel } from "../../../../ui/panel.tsx";
import { Time } from "../../../../ui/time.tsx";
import page from "../approval.module.css";
import { type ChangeTab, changeTabs } from "../approval-search.ts";
import type { ApprovalView, ReleaseChanges } from "../use-approval.ts";
import styles from "./changes.module.css";
import { Components, Plan, Policy, Settings } from "./named-changes.tsx";

const Code = lazy(() => import("./code.tsx").then(({ Code: component }) => ({ default: component })));

interface ChangesProps {
  view: ApprovalView;
  tab: ChangeTab;
  onTab: (tab: ChangeTab) => void;
}

export function Changes({ view: { changes, version, environment }, tab, onTab }: ChangesProps) {
  const { t } = useTranslation();
  const { against } = changes;
  return (
    <Panel title={t("approvals.changes.title")}>
      <p className={page.muted}>
        {against === null ? (
          t("approvals.changes.first", { version, environment })
        ) : (
          <>
            {t("approvals.changes.against", {
              version,
              before: against.version,
              releaseId: against.releaseId,
            })}{" "}
            <Time at={against.since} />
          </>
        )}
      </p>
      <Tabs
        selectedKey={tab}
        onSelectionChange={(key) => onTab(key as ChangeTab)}
        className={styles.tabs ?? ""}
      >
        <TabList className={styles.list ?? ""} aria-label={t("approvals.changes.title")}>
          {changeTabs.map((id) => (
            <Tab key={id} id={id} className={styles.tab ?? ""}>
              {t(`approvals.changes.tab.${id}`)} <span className={styles.count}>{countOf(changes, id)}</span>
            </Tab>
          ))}
        </TabList>
        {changeTabs.map((id) => (
          <TabPanel key={id} id={id} className={styles.panel ?? ""}>
            <Suspense fallback={<p role="status">{t("app.loading")}</p>}>{shown(changes, id)}</Suspense>
          </TabPanel>
        ))}
      </Tabs>
    </Panel>
  );
}

function shown(changes: ReleaseChanges, tab: ChangeTab) {
  switch (tab) {
    case "code":
      return <Code code={changes.code} />;
    case "configuration":
      return <Settings changes={changes} />;
    case "plan":
      return <Plan plan={changes.plan} />;
    case "components":
      return <Components sbom={changes.sbom} />;
    case "policy":
      return <Policy policy={changes.policy} />;
  }
}

function countOf(
  { code, configuration, secrets, plan, sbom, policy }: ReleaseChanges,
  tab: ChangeTab,
): number {
  const named = ({ added, removed, changed }: ReleaseChanges["secrets"]) =>
    added.length + removed.length + changed.length;
  switch (tab) {
    case "code":
      return code?.files.length ?? 0;
    case "configuration":
      return named(configuration) + named(secrets);
    case "plan":
      return plan.infrastructure.length + (plan.rollout?.steps.length ?? 0);
    case "components":
      return sbom === null ? 0 : sbom.added.length + sbom.removed.length + sbom.updated.length;
    case "policy":
      return policy.length;
  }
}
