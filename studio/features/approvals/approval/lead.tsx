/** The sentence on top: what waits, for whom, and why; then, what has come of it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Notice } from "../../../ui/notice.tsx";
import type { Tone } from "../../../ui/state-badge.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./approval.module.css";
import { ChangedMeanwhile } from "./changed-meanwhile.tsx";
import type { ApprovalView } from "./use-approval.ts";
import type { Seen } from "./use-seen.ts";

export function Lead({ view, seen }: { view: ApprovalView; seen: Seen }) {
  const { t } = useTranslation();
  const { pending, subject, verdict, afterwards } = view;
  const sentence = useSituation(view) ?? verdict?.what;
  return (
    <div className={styles.lead}>
      <ChangedMeanwhile seen={seen} />
      <Notice tone={toneOf(view)} title={t(`approvals.lead.${standingOf(view)}`)}>
        {sentence !== undefined && (
          <p>
            <Told text={sentence} />
          </p>
        )}
        {pending !== null && !pending.mayApprove && pending.why !== undefined && (
          <p>
            <Told text={pending.why} />
          </p>
        )}
        {afterwards !== undefined && pending?.mayApprove === true && !pending.voted && (
          <p>{t("approvals.afterwards", { afterwards })}</p>
        )}
        <p>
          <Link to="/deliveries/$traceId/$moduleId" params={subject}>
            {t("approvals.toDelivery")}
          </Link>
        </p>
      </Notice>
    </div>
  );
}

type Standing = "yours" | "given" | "others" | "decided";

export function standingOf({ pending }: ApprovalView): Standing {
  if (pending === null) return "decided";
  if (pending.voted) return "given";
  return pending.mayApprove ? "yours" : "others";
}

function toneOf(view: ApprovalView): Tone {
  return ({ yours: "warn", given: "good", others: "info", decided: "neutral" } as const)[standingOf(view)];
}

/** In the server's words, where the release stands at this moment. */
function useSituation({ subject, environment, releaseId }: ApprovalView): string | undefined {
  const { data } = query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}/explanation", {
    params: { path: subject },
  });
  const here = data?.situations.find((one) => one.environment === environment);
  return here?.releaseId === releaseId ? here.sentence : undefined;
}
