import { useTranslation } from "react-i18next";
import { Icon } from "../../../ui/icon.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { toneOf } from "../../../ui/shown-state.tsx";
import styles from "./approval.module.css";
import type { ApprovalView } from "./use-approval.ts";

const icons = {
  good: "circle-check",
  warn: "triangle-alert",
  bad: "circle-alert",
  info: "circle-dot",
  neutral: "circle-dot",
};

/** Facts to weigh, the most telling first; the server says how much each weighs. */
export function Risk({ view: { risk } }: { view: ApprovalView }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("approvals.risk.title")}>
      {risk.length === 0 && <p>{t("approvals.risk.none")}</p>}
      <ul className={styles.list}>
        {risk.map(({ fact, tone, says }) => (
          <li key={fact + says} className={styles.line} data-tone={toneOf[tone]}>
            <Icon name={icons[toneOf[tone]]} />
            <span>{says}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
