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

/** A state as the server words it. */
export interface ShownState {
  label: string;
  icon: string;
  tone: "neutral" | "progress" | "attention" | "success" | "warning" | "danger";
}

/** `of`: what the state is about, such as an environment; said before it. */
export function ShownStateBadge({ state, of }: { state: ShownState; of?: string | undefined }) {
  return (
    <StateBadge
      word={of === undefined ? state.label : `${of}: ${state.label}`}
      icon={state.icon}
      tone={toneOf[state.tone]}
    />
  );
}

export const toneOf: Record<ShownState["tone"], Tone> = {
  neutral: "neutral",
  progress: "info",
  attention: "warn",
  success: "good",
  warning: "warn",
  danger: "bad",
};
