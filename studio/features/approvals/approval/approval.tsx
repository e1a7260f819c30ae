/** One decision on one screen: what waits and why, what exactly is decided, and what happens then. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { PageHead } from "../../../ui/panel.tsx";
import { ShownState } from "../../../ui/shown-state.tsx";
import { Time } from "../../../ui/time.tsx";
import { WayBack } from "../../../ui/way-back.tsx";
import { Acts } from "./acts/acts.tsx";
import styles from "./approval.module.css";
import type { ApprovalSearch } from "./approval-search.ts";
import { Changes } from "./changes/changes.tsx";
import { DigestList } from "./digest-list.tsx";
import { Gates } from "./gates.tsx";
import { History } from "./history.tsx";
import { Lead } from "./lead.tsx";
import { Outcome } from "./outcome.tsx";
import { Risk } from "./risk.tsx";
import { Signers } from "./signers.tsx";
import { type ApprovalView, useApproval } from "./use-approval.ts";
import { useSeen } from "./use-seen.ts";

export function Approval() {
  const { t } = useTranslation();
  const { releaseId = "" } = useParams({ strict: false });
  const { for: onBehalfOf } = useSearch({ strict: false }) as ApprovalSearch;
  const { view, readAgain } = useApproval({ releaseId, onBehalfOf });
  usePageTitle(releaseId);
  if (view === undefined) return <p role="status">{t("approvals.reading", { releaseId })}</p>;
  return <Decision key={releaseId} view={view} readAgain={readAgain} />;
}

function Decision({ view, readAgain }: { view: ApprovalView; readAgain: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const { releaseId, subject, version, environment, sponsor, state, pending } = view;
  const seen = useSeen(view);
  const [done, setDone] = useState({ note: "", count: 0 });
  const search = useSearch({ strict: false }) as ApprovalSearch;
  const navigate = useNavigate();
  return (
    <article className={styles.page}>
      <div>
        <WayBack to="/approvals" icon="inbox">
          {t("approvals.title")}
        </WayBack>
        <PageHead
          title={t("approvals.heading", { moduleId: subject.moduleId, version, environment })}
          meta={
            <>
              <ShownState state={state} />
              <span>{releaseId}</span>
              <span>{t("approvals.handedOverBy", { sponsor })}</span>
              {pending !== null && (
                <span>
                  {t("approvals.since")} <Time at={pending.since} />
                </span>
              )}
            </>
          }
        />
      </div>
      {done.count > 0 && <Outcome {...done} />}
      <Lead view={view} seen={seen} />
      <div className={styles.columns}>
        <div className={styles.facts}>
          <Risk view={view} />
          <Changes
            view={view}
            tab={search.changes ?? "code"}
            onTab={(changes) =>
              void navigate({ to: ".", search: { ...search, changes }, replace: true, resetScroll: false })
            }
          />
          <Gates view={view} />
          <DigestList digests={view.digests} />
        </div>
        <div className={styles.people}>
          <div className={styles.acts}>
            <Acts
              view={view}
              seen={seen}
              readAgain={readAgain}
              onDone={(note) => setDone({ note, count: done.count + 1 })}
            />
          </div>
          <Signers view={view} />
          <History view={view} />
        </div>
      </div>
    </article>
  );
}
