/** What holds where and why, how it is changed by two people, and who may do what. */
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { PageHead } from "../../../ui/panel.tsx";
import { useShownTab } from "../../../ui/use-shown-tab.ts";
import parts from "../parts/parts.module.css";
import { type PolicySearch, type PolicyTab, policyTabs } from "../searches.ts";
import { AccessQuestion } from "./access-question.tsx";
import { ChangePolicy } from "./change-policy.tsx";
import { Effective } from "./effective.tsx";
import { History } from "./history.tsx";
import { Proposals } from "./proposals.tsx";

const shown: Record<PolicyTab, () => React.ReactNode> = {
  effective: Effective,
  change: ChangePolicy,
  proposals: Proposals,
  history: History,
  access: AccessQuestion,
};

export function Policies() {
  const { t } = useTranslation();
  const { tab = "effective" } = useSearch({ strict: false }) as PolicySearch;
  const Shown = shown[tab];
  const row = useShownTab(tab);
  return (
    <>
      <PageHead title={t("administration.policies.title")} />
      <nav ref={row} className={parts.tabs} aria-label={t("administration.policies.title")}>
        {policyTabs.map((one) => (
          <Link
            key={one}
            to="/administration/policies"
            search={one === "effective" ? {} : { tab: one }}
            activeOptions={{ exact: true }}
            {...(one === tab ? { "aria-current": "page" as const } : { "aria-current": undefined })}
          >
            {t(`administration.policies.tab.${one}`)}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
        <Shown />
      </Suspense>
    </>
  );
}
