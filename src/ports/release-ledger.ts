/**
 * What was deployed where, across traces: append-only facts by place. It answers what serves, what a
 * rollback goes back to and with which settings, and it numbers releases. Secret values are never in it.
 */
import type { DeploymentOutcome } from "../domain/rollout/deployment-facts.ts";
import type { SecretReference } from "./settings.ts";
import type { ReleaseSpec } from "./target.ts";

/** One module in one environment of one tenant: where releases follow each other. */
export interface Place {
  tenantId: string;
  environment: string;
  moduleId: string;
}

/** Everything that starts the release again as it was: configuration by value, secrets by version id. */
export interface RecordedSpec extends Omit<ReleaseSpec, "environment"> {
  configuration: Record<string, string>;
  secrets: SecretReference[];
}

export interface LedgerEntry extends Place {
  releaseId: string;
  traceId: string;
  version: string;
  artifact: string;
  spec: RecordedSpec;
  outcome: DeploymentOutcome;
  /** Why, where the outcome is Failed or RolledBack. */
  reasons: { code: string; message: string }[];
  /** ISO 8601. */
  at: string;
  /** The invocation that caused it: the same one records the same outcome of a release once. */
  invocationId: string;
}

/** A version that a rollback took out of a place; a gate may ask for a person's word before it goes there again. */
export interface Hold {
  version: string;
  releaseId: string;
  reason: string;
  at: string;
}

export interface ReleaseLedger {
  /** `release-000001`, a gapless sequence per tenant; the same invocationId gets the same number. */
  allocate(request: Place & { version: string; invocationId: string }): Promise<string>;
  /** Appends a fact; recording it again (invocationId, releaseId, outcome) changes nothing. */
  record(entry: LedgerEntry): Promise<void>;
  /** The release that serves by the facts, or undefined. */
  current(place: Place): Promise<LedgerEntry | undefined>;
  /** What served before `releaseId` and was not rolled back since; undefined where there is none. */
  lastKnownGood(place: Place, releaseId: string): Promise<LedgerEntry | undefined>;
  /** Every fact of the place, oldest first. */
  history(place: Place): Promise<LedgerEntry[]>;
  /** Holds a version of the place; holding the same release's version again changes nothing. */
  hold(place: Place, hold: Hold): Promise<void>;
  /** The newest hold of the version, or undefined; a person's DeployRequested or HotfixApproved after `at` overrules it. */
  isHeld(place: Place, version: string): Promise<Hold | undefined>;
  /**
   * Runs a task while no other task of the place runs, in this process or any other on the same ledger.
   * Waits for its turn, or rejects when the signal is aborted first; a turn ends with its process.
   */
  inTurn<T>(place: Place, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}
