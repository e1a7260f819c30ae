/** The one word for where a delivery, or a release in an environment, stands: what boards show, filter and count. */

export type Tone = "neutral" | "progress" | "attention" | "success" | "warning" | "danger";

export interface StateLook {
  label: string;
  /** Name of an icon of the Lucide set. */
  icon: string;
  tone: Tone;
}

/** What matters more to a person comes first: of several environments, the first of these is the delivery's. */
export const stateLooks = {
  "needs-approval": { label: "Needs approval", icon: "user-check", tone: "attention" },
  "needs-review": { label: "Needs review", icon: "git-pull-request", tone: "attention" },
  failed: { label: "Failed", icon: "circle-x", tone: "danger" },
  rejected: { label: "Rejected", icon: "ban", tone: "danger" },
  revoked: { label: "Revoked", icon: "shield-off", tone: "danger" },
  "rolling-back": { label: "Rolling back", icon: "undo-2", tone: "warning" },
  frozen: { label: "Frozen", icon: "snowflake", tone: "warning" },
  held: { label: "Held", icon: "pause", tone: "warning" },
  waiting: { label: "Waiting", icon: "hourglass", tone: "neutral" },
  retrying: { label: "Retrying", icon: "refresh-cw", tone: "warning" },
  running: { label: "Running", icon: "loader", tone: "progress" },
  "rolled-back": { label: "Rolled back", icon: "history", tone: "warning" },
  live: { label: "Live", icon: "circle-check", tone: "success" },
  completed: { label: "Completed", icon: "check", tone: "success" },
  replaced: { label: "Replaced", icon: "replace", tone: "neutral" },
  destroyed: { label: "Destroyed", icon: "trash-2", tone: "neutral" },
  superseded: { label: "Superseded", icon: "layers", tone: "neutral" },
  cancelled: { label: "Cancelled", icon: "circle-slash", tone: "neutral" },
} as const satisfies Record<string, StateLook>;

export type StateWord = keyof typeof stateLooks;

export const stateWords = Object.keys(stateLooks) as StateWord[];

export interface ShownState extends StateLook {
  word: StateWord;
}

export function shownState(word: StateWord): ShownState {
  return { word, ...stateLooks[word] };
}

export function mostUrgent(words: readonly StateWord[]): StateWord | undefined {
  return stateWords.find((word) => words.includes(word));
}

/** States of the built-in flows in which nobody is at work, by their own names. */
const wordsOfStates: Record<string, StateWord> = {
  awaiting_approval: "needs-approval",
  delayed: "held",
  cooling_down: "held",
  rejected: "rejected",
  revoked: "revoked",
  rolled_back: "rolled-back",
  live: "live",
  published: "live",
  upgraded: "completed",
  replaced: "replaced",
  destroyed: "destroyed",
  escalated: "failed",
  rollback_failed: "failed",
  merge_blocked: "failed",
  pipeline_invalid: "failed",
  stopped: "failed",
  rolling_back: "rolling-back",
  reporting_rollback: "rolling-back",
};

/** `state`: a dotted path. Undefined where its name says nothing, as in a flow that somebody wrote. */
export function wordOfState(state: string): StateWord | undefined {
  const name = state.slice(state.lastIndexOf(".") + 1);
  const known = Object.hasOwn(wordsOfStates, name) ? wordsOfStates[name] : undefined;
  return known ?? (name.endsWith("_failed") ? "failed" : undefined);
}
