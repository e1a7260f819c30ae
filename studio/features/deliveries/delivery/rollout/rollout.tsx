/** How a release is applied: the plan's steps with how far it is, and what its probes say, live. */
import { useTranslation } from "react-i18next";
import { Empty, Facts, Panel } from "../../../../ui/panel.tsx";
import { ShownState } from "../../../../ui/shown-state.tsx";
import { durationText } from "../../../../ui/time.tsx";
import { useDocument } from "../documents.ts";
import { PlaceChoice, usePlace } from "../place-choice.tsx";
import styles from "./rollout.module.css";
import type { RolloutPlan } from "./rollout-plan.ts";
import { RolloutSteps } from "./rollout-steps.tsx";
import { RunningProbes } from "./running-probes.tsx";

export function Rollout() {
  const { t, i18n } = useTranslation();
  const { environment, place } = usePlace();
  const plan = useDocument<RolloutPlan>("RolloutPlan.yaml", environment);
  return (
    <>
      <div className={styles.choice}>
        <PlaceChoice />
        {place !== undefined && <ShownState state={place.state} />}
      </div>
      {plan === undefined || environment === undefined ? (
        <Empty icon="rocket" title={t("deliveries.rollout.none", { environment: environment ?? "" })}>
          <p>{t("deliveries.rollout.noneText")}</p>
        </Empty>
      ) : (
        <>
          <Panel title={t("deliveries.rollout.plan", { releaseId: plan.releaseId })}>
            <Facts
              of={[
                [t("deliveries.rollout.version"), plan.version],
                [t("deliveries.rollout.strategy"), [plan.strategy, plan.why].filter(Boolean).join(": ")],
                [t("deliveries.rollout.target"), `${plan.replicas ?? 1} × ${plan.target ?? "process"}`],
                [t("deliveries.rollout.retries"), String(plan.retry?.limit ?? 0)],
                [t("deliveries.rollout.longest"), durationText(longest(plan), i18n.language)],
              ]}
            />
            <RolloutSteps plan={plan} environment={environment} />
          </Panel>
          <RunningProbes environment={environment} releaseId={plan.releaseId} />
          <Back plan={plan} />
        </>
      )}
    </>
  );
}

/** What would be done to take it back. */
function Back({ plan: { rollback } }: { plan: RolloutPlan }) {
  const { t } = useTranslation();
  if (rollback === undefined) return null;
  return (
    <Panel title={t("deliveries.rollout.back")}>
      {rollback.allowed ? (
        <ol className={styles.back}>
          {(rollback.steps ?? []).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      ) : (
        <p>{t("deliveries.rollout.noBack")}</p>
      )}
    </Panel>
  );
}

function longest({ steps }: RolloutPlan): number {
  return steps.reduce((sum, { timeoutMs = 0 }) => sum + timeoutMs, 0);
}
