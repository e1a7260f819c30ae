/** Each gate with its verdict and what it rests on: those that hold it first, those that policy does not ask for folded away. */
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { FoldedList } from "../../../ui/folded-list.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./approval.module.css";
import type { ApprovalView } from "./use-approval.ts";

type Gate = components["schemas"]["GateLine"];

export function Gates({ view: { gates } }: { view: ApprovalView }) {
  const { t } = useTranslation();
  const unasked = gates.filter(({ status }) => status === "NotApplicable");
  const asked = gates.filter(({ status }) => status !== "NotApplicable").sort((a, b) => rank(a) - rank(b));
  return (
    <Panel title={t("approvals.gates.title")}>
      {gates.length === 0 && <p>{t("approvals.gates.none")}</p>}
      <GateLines of={asked} />
      {unasked.length > 0 && (
        <details className={styles.more}>
          <summary>{t("approvals.gates.unasked", { count: unasked.length })}</summary>
          <GateLines of={unasked} />
        </details>
      )}
    </Panel>
  );
}

function rank({ status }: Gate): number {
  return status === "Passed" ? 1 : 0;
}

function GateLines({ of }: { of: Gate[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.list}>
      {of.map((gate) => (
        <li key={gate.gate} className={styles.line} data-tone={lookOf(gate).tone}>
          <Icon name={lookOf(gate).icon} />
          <div>
            <strong>{gate.gate}</strong> <span className={styles.status}>{gate.status}</span>
            {gate.evidence !== undefined && (
              <p>
                <Told text={gate.evidence} />
              </p>
            )}
            {gate.refusal !== undefined && (
              <p>
                <Told text={gate.refusal.message} /> <code>{gate.refusal.code}</code>
              </p>
            )}
            {gate.findings !== undefined && (
              <FoldedList
                title={t("approvals.gates.findings", { count: gate.findings.length })}
                lines={gate.findings}
              />
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function lookOf({ status }: Gate): { tone: string; icon: string } {
  if (status === "Passed") return { tone: "good", icon: "circle-check" };
  if (status === "NotApplicable") return { tone: "neutral", icon: "circle" };
  return status === "Held" ? { tone: "warn", icon: "hourglass" } : { tone: "bad", icon: "circle-x" };
}
