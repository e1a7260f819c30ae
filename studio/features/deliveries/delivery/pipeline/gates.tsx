/** What stood between the release and an environment, each gate with its evidence. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../../ui/checkbox.tsx";
import { FoldedList } from "../../../../ui/folded-list.tsx";
import { Panel } from "../../../../ui/panel.tsx";
import { StateBadge, type Tone } from "../../../../ui/state-badge.tsx";
import { Told } from "../../../../ui/told.tsx";
import { useDocument } from "../documents.ts";
import styles from "./pipeline.module.css";

interface ReleaseSummary {
  releaseId: string;
  verdict: string;
  gates?: Gate[];
}

interface Gate {
  gate: string;
  status: string;
  evidence?: string;
  refusal?: { code: string; message: string };
  findings?: string[];
}

const idle = "NotApplicable";
/** It does not pass now, and may later. */
const held = "Held";
const tones: Record<string, Tone> = { Passed: "good", Held: "warn", Failed: "bad" };

export function Gates({ environment }: { environment: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const summary = useDocument<ReleaseSummary>("ReleaseSummary.json", environment);
  if (summary === undefined) return null;
  const gates = (summary.gates ?? []).filter(({ status }) => all || status !== idle);
  return (
    <Panel
      title={t("deliveries.pipeline.gates", { environment })}
      aside={
        <Checkbox checked={all} onChange={setAll}>
          {t("deliveries.pipeline.allGates")}
        </Checkbox>
      }
    >
      <p>
        <Link to="/approvals/$releaseId" params={{ releaseId: summary.releaseId }}>
          {summary.releaseId}
        </Link>{" "}
        {t(`deliveries.pipeline.verdict.${summary.verdict}`, { defaultValue: summary.verdict })}
      </p>
      <ul className={styles.gates}>
        {gates.map(({ gate, status, evidence, refusal, findings }) => (
          <li key={gate}>
            <StateBadge
              word={status === held ? t("deliveries.pipeline.holds") : status}
              tone={tones[status] ?? "neutral"}
            />
            <div>
              <strong>{gate}</strong> <Told text={evidence ?? refusal?.message ?? ""} />
              {findings !== undefined && (
                <FoldedList
                  title={t("approvals.gates.findings", { count: findings.length })}
                  lines={findings}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
