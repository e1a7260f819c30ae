/** The steps of the plan, each with what became of it in the newest attempt. */
import { useTranslation } from "react-i18next";
import { Icon } from "../../../../ui/icon.tsx";
import { durationText } from "../../../../ui/time.tsx";
import { type Span, useSpans } from "../use-spans.ts";
import styles from "./rollout.module.css";
import type { RolloutPlan } from "./rollout-plan.ts";

export function RolloutSteps({ plan, environment }: { plan: RolloutPlan; environment: string }) {
  const { t, i18n } = useTranslation();
  const { spans, pending } = useSpans();
  const done = stepsDone(spans, plan.releaseId, environment);
  const attempt = done[0]?.attempt ?? 1;
  const reached = done.length;
  if (pending) return <p role="status">{t("app.loading")}</p>;
  return (
    <>
      <div className={styles.progress}>
        <progress
          max={plan.steps.length}
          value={succeeded(done)}
          aria-label={t("deliveries.rollout.progress")}
        />
        <span role="status">
          {t("deliveries.rollout.done", { done: succeeded(done), count: plan.steps.length })}
          {attempt > 1 && ` · ${t("deliveries.rollout.attempt", { attempt })}`}
        </span>
      </div>
      <ol className={styles.steps}>
        {plan.steps.map(({ step, does }, place) => {
          const span = done[place];
          const outcome = span?.outcome ?? (place === reached && reached > 0 ? "next" : "ahead");
          return (
            <li key={`${place} ${step}`} data-outcome={outcome}>
              <Icon name={icons[outcome]} />
              <div>
                <strong>{step}</strong> {does}
                {span?.outcome === "failed" && <p>{span.detail}</p>}
              </div>
              <span>
                {span === undefined
                  ? t("deliveries.rollout.ahead")
                  : `${t(`deliveries.spans.outcome.${span.outcome}`)} · ${durationText(span.durationMs, i18n.language)}`}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

const icons: Record<Span["outcome"] | "next" | "ahead", string> = {
  success: "circle-check",
  failed: "circle-x",
  running: "loader",
  waiting: "hourglass",
  delayed: "circle-pause",
  lost: "circle-alert",
  next: "loader",
  ahead: "circle",
};

/** Of the newest attempt. */
function stepsDone(spans: Span[], releaseId: string, environment: string): Span[] {
  const own = spans.filter(
    (span) => span.kind === "step" && span.releaseId === releaseId && span.environment === environment,
  );
  const newest = Math.max(0, ...own.map(({ attempt = 1 }) => attempt));
  return own.filter(({ attempt = 1 }) => attempt === newest);
}

function succeeded(steps: Span[]): number {
  return steps.filter(({ outcome }) => outcome === "success").length;
}
