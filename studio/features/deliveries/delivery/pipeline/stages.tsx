/** The stages in the order in which they run, with their steps and what came of them. */
import { useTranslation } from "react-i18next";
import { Icon } from "../../../../ui/icon.tsx";
import { Panel } from "../../../../ui/panel.tsx";
import { StateBadge, type Tone } from "../../../../ui/state-badge.tsx";
import { durationText } from "../../../../ui/time.tsx";
import { useDocument } from "../documents.ts";
import styles from "./pipeline.module.css";
import type { Snapshot, Stage } from "./snapshot.ts";

interface CiStages {
  stages?: { name: string; steps?: { name: string; run?: string[]; timeoutSeconds?: number }[] }[];
}

const order = ["build", "test", "scan", "deploy"];

export function Stages({ snapshot: { stages = {} } }: { snapshot: Snapshot }) {
  const { t } = useTranslation();
  const planned = useDocument<CiStages>("CIStages.yaml")?.stages ?? [];
  const names = [...new Set([...order.filter((name) => name in stages), ...Object.keys(stages)])];
  return (
    <Panel title={t("deliveries.pipeline.stages")}>
      <ol className={styles.stages}>
        {names.map((name) => (
          <li key={name}>
            <h3>
              {name} <StageState stage={stages[name] ?? {}} />
            </h3>
            <StageFacts stage={stages[name] ?? {}} />
            <ol>
              {(planned.find((stage) => stage.name === name)?.steps ?? []).map((step) => (
                <li key={step.name}>
                  <Icon name="chevron-right" size={13} /> {step.name}
                  {step.run !== undefined && <code>{step.run.join(" ")}</code>}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const tones: Record<string, Tone> = {
  Success: "good",
  Failed: "bad",
  Pending: "neutral",
  Skipped: "neutral",
};

function StageState({ stage: { status } }: { stage: Stage }) {
  return status === undefined ? null : <StateBadge word={status} tone={tones[status] ?? "info"} />;
}

function StageFacts({ stage }: { stage: Stage }) {
  const { t, i18n } = useTranslation();
  const { durationMs, tests, vulnerabilities, carriedOutBy, artifact } = stage;
  const facts = [
    durationMs === undefined ? undefined : durationText(durationMs, i18n.language),
    tests === undefined
      ? undefined
      : t("deliveries.pipeline.tests", { passed: tests.passed, total: tests.total }),
    vulnerabilities === undefined
      ? undefined
      : vulnerabilities === "NotScanned"
        ? t("deliveries.pipeline.notScanned")
        : t("deliveries.pipeline.vulnerabilities", { found: vulnerabilities }),
    carriedOutBy,
    artifact?.slice(0, 19),
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? null : <p>{facts.join(" · ")}</p>;
}
