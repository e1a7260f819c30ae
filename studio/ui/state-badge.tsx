/** A state by icon, colour and word: any one of the three is enough to know it. */
import { Icon } from "./icon.tsx";
import styles from "./state-badge.module.css";

export type Tone = "good" | "warn" | "bad" | "info" | "neutral";

export function StateBadge({ word, tone, icon }: { word: string; tone: Tone; icon?: string | undefined }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      <Icon name={icon ?? iconOf[tone]} />
      {word}
    </span>
  );
}

const iconOf: Record<Tone, string> = {
  good: "circle-check",
  warn: "hourglass",
  bad: "circle-x",
  info: "loader",
  neutral: "circle",
};
