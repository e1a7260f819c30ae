/** A state as the server tells it: its word, its icon and how urgent it is. */
import type { components } from "../../client/src/schema.d.ts";
import { StateBadge, type Tone } from "./state-badge.tsx";

type Shown = components["schemas"]["ShownState"];

export function ShownState({ state: { label, icon, tone } }: { state: Shown }) {
  return <StateBadge word={label} icon={icon} tone={toneOf[tone]} />;
}

export const toneOf: Record<Shown["tone"], Tone> = {
  neutral: "neutral",
  progress: "info",
  attention: "warn",
  success: "good",
  warning: "warn",
  danger: "bad",
};
