/** How a release that runs is, in one word with its look: what the target measured, and no opinion of its own. */
import type { StateLook } from "../delivery/state-words.ts";

interface Measured {
  state: "starting" | "ready" | "serving" | "stopped" | "crashed" | "failed";
  restartCount: number;
  healthStatus: readonly { probe: string; healthy: boolean }[];
}

const looks = {
  healthy: { label: "Healthy", icon: "heart-pulse", tone: "success" },
  restarted: { label: "Healthy, was restarted", icon: "refresh-cw", tone: "warning" },
  unhealthy: { label: "Unhealthy", icon: "circle-alert", tone: "danger" },
  "crash-loop": { label: "Crash loop", icon: "rotate-ccw", tone: "danger" },
  failed: { label: "Failed", icon: "circle-x", tone: "danger" },
  starting: { label: "Starting", icon: "loader", tone: "progress" },
  stopped: { label: "Stopped", icon: "circle-slash", tone: "neutral" },
  unseen: { label: "Not seen", icon: "circle-pause", tone: "warning" },
} as const satisfies Record<string, StateLook>;

export type HealthWord = keyof typeof looks;

export interface ShownHealth extends StateLook {
  word: HealthWord;
}

/** Undefined: the host does not answer. */
export function shownHealth(measured: Measured | undefined): ShownHealth {
  const word = measured === undefined ? "unseen" : wordOf(measured);
  return { word, ...looks[word] };
}

function wordOf({ state, restartCount, healthStatus }: Measured): HealthWord {
  if (state === "crashed") return restartCount > 0 ? "crash-loop" : "failed";
  if (state === "failed" || state === "stopped" || state === "starting") return state;
  if (healthStatus.some(({ healthy }) => !healthy)) return "unhealthy";
  return restartCount > 0 ? "restarted" : "healthy";
}
