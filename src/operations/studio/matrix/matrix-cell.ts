/** One module in one environment, as the matrix shows it. */
import type { ShownState } from "../../../domain/delivery/state-words.ts";
import type { ShownHealth } from "../../../domain/rollout/shown-health.ts";
import type { Subject } from "../../../domain/scope.ts";
import type { Hold } from "../../../ports/release-ledger.ts";
import type { Possibility } from "../../access/may-do.ts";

export type CellAct =
  | "deploy"
  | "rollback"
  | "delay"
  | "hotfix"
  | "retry"
  | "rebuild"
  | "provision"
  | "commit"
  | "openPullRequest";
export type CellActions = Record<CellAct, Possibility>;
export type CellFacts = Omit<MatrixCell, "actions">;

export interface MatrixCell {
  environment: string;
  /** Absent where nothing serves. */
  serving?: MatrixServing;
  /** What a rollback goes back to. */
  previous?: { version: string; releaseId: string };
  /** Versions that were taken out of here, and go here again by a person's word alone; newest first. */
  held: Pick<Hold, "version" | "releaseId" | "reason" | "at">[];
  /** What is on its way here, newest first; at most three. */
  coming: MatrixComing[];
  /** What actions are about: the newest that is on its way here, else what was taken out or refused last, else what serves. */
  atHand?: { subject: Subject; releaseId?: string };
  actions: CellActions;
}

export interface MatrixServing {
  version: string;
  releaseId: string;
  /** The delivery that brought it. */
  subject: Subject;
  commit?: string;
  /** ISO 8601. */
  deployedAt: string;
  url?: string;
  health: ShownHealth;
  /** What is wrong with it, one sentence. */
  trouble?: string;
  instances?: { ready: number; total: number };
  restartCount?: number;
  startupTimeMs?: number;
  /** As the newest look found it; absent where nothing differs. */
  drift?: { at: string; differences: string[] };
}

export interface MatrixComing {
  subject: Subject;
  version: string;
  releaseId?: string;
  state: ShownState;
  /** ISO 8601. */
  since: string;
}
