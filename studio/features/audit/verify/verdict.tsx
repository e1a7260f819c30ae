import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Copyable } from "../../../ui/copyable.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { StateBadge, type Tone } from "../../../ui/state-badge.tsx";
import styles from "./verify.module.css";

type Answer = components["schemas"]["DeliveryVerdict"];
const tones: Record<Answer["checks"][number]["verdict"], Tone> = {
  holds: "good",
  fails: "bad",
  "not-yet": "neutral",
};

export function Verdict({ verdict: { good, checks, head } }: { verdict: Answer }) {
  const { t } = useTranslation();
  return (
    <>
      <Notice tone={good ? "good" : "bad"} title={t(good ? "audit.verify.good" : "audit.verify.bad")} live>
        <p className={styles.head}>
          {t("audit.verify.head", { sequence: head.sequence })}
          <Copyable value={head.hash} name={t("audit.verify.hash")} />
        </p>
      </Notice>
      <ul className={styles.checks}>
        {checks.map(({ check, asks, verdict, says }) => (
          <li key={check}>
            <StateBadge word={t(`audit.verify.is.${verdict}`)} tone={tones[verdict]} />
            <div>
              <strong>{asks}</strong>
              <p className={styles.muted}>{says}</p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
