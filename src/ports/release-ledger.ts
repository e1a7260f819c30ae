/**
 * What was deployed where, across traces: append-only facts by place. It answers what serves, what a
 * rollback goes back to and with which settings, and it numbers releases. Secret values are never in it.
 */
import type { Command } from "../domain/module/module-spec.ts";
import type { DeploymentOutcome } from "../domain/rollout/deployment-facts.ts";
import type { MigrationPhase } from "../domain/rollout/rollout-steps.ts";
import type { TargetName } from "../domain/tenant/tenant.ts";
import type { SecretReference } from "./settings.ts";
import type { NamedRelease, ReleaseSpec } from "./target.ts";

/** One module in one environment of one tenant: where releases follow each other. */
export interface Place {
  tenantId: string;
  environment: string;
  moduleId: string;
}

/** Each of the modules in each of the environments. */
export interface Places {
  tenantId: string;
  environments: readonly string[];
  moduleIds: readonly string[];
}

/** Everything that starts the release again as it was: configuration by value, secrets by version id. */
export interface RecordedSpec extends Omit<ReleaseSpec, "environment" | "registryLogin"> {
  /** Where it runs; `process` where absent. */
  target?: TargetName;
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
  /** Why, where the outcome is Failed, RolledBack, Revoked or Destroyed. */
  reasons: { code: string; message: string }[];
  /** ISO 8601. */
  at: string;
  /** Of the invocation up to here, with its earlier attempts; absent where nobody measured. */
  durationMs?: number;
  /** Attempts of the invocation before the one that recorded it. */
  retries?: number;
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

/** The right to move releases at a place; nobody else has it until it is given back or expires. */
export interface RolloutLease {
  releaseId: string;
  traceId: string;
  invocationId: string;
  /** ISO 8601, by the ledger's clock. */
  expiresAt: string;
}

/** A migration of a release: it runs once, and `undo` once. */
export interface MigrationRecord {
  releaseId: string;
  phase: MigrationPhase;
  /** Of the invocation that runs it: the command's name at the target is made of it. */
  invocationId: string;
  run: Command;
  undo?: Command;
  /** Started: it runs, or was broken off, and nobody knows how far it came. */
  state: "Started" | "Completed" | "Failed" | "Undone" | "UndoFailed";
  /** Of the command that ran last. */
  exitCode: number | null;
  /** Its last lines, without secrets. */
  output: string;
  /** ISO 8601. */
  at: string;
}

export interface ReleaseLedger {
  /** `release-000001`, a gapless sequence per tenant; the same invocationId gets the same number. */
  allocate(request: Place & { version: string; invocationId: string }): Promise<string>;
  /** Appends a fact; recording it again (invocationId, releaseId, outcome) changes nothing. */
  record(entry: LedgerEntry): Promise<void>;
  /** What was deployed as a release that runs somewhere, newest fact; undefined where no fact speaks of it. */
  findRunning(named: NamedRelease): Promise<LedgerEntry | undefined>;
  /** The release that serves by the facts, or undefined. */
  current(place: Place): Promise<LedgerEntry | undefined>;
  /** What served before `releaseId` and was not rolled back since; undefined where there is none. */
  lastKnownGood(place: Place, releaseId: string): Promise<LedgerEntry | undefined>;
  /** Every place that has facts, of all tenants. */
  places(): Promise<Place[]>;
  /** What serves at each place of these modules and environments, and what a rollback of it goes back to. */
  serving(places: Places): Promise<{ current: LedgerEntry; previous?: LedgerEntry }[]>;
  /** Holds that no later deployment of the version overruled, newest first. */
  holds(places: Places): Promise<(Hold & Place)[]>;
  /** Every fact of the place, oldest first. */
  history(place: Place): Promise<LedgerEntry[]>;
  /** Holds a version of the place; holding the same release's version again changes nothing. */
  hold(place: Place, hold: Hold): Promise<void>;
  /**
   * The newest hold of the version, or of a release with that artifact under another version; undefined where there
   * is none, or where the version was deployed since and stayed. A person's DeployRequested or HotfixApproved after `at` overrules it.
   */
  isHeld(place: Place, version: string, artifact?: string): Promise<Hold | undefined>;
  /**
   * Takes the lease of a place where it is free, expired or held for the same release already; with `takeOver`
   * whoever holds it. Returns the lease that stands: another invocation's where it was not given.
   */
  reserve(
    place: Place,
    holder: Omit<RolloutLease, "expiresAt">,
    options: { ttlMs: number; takeOver?: boolean },
  ): Promise<RolloutLease>;
  /** Holds it for longer; false where another invocation has it, or nobody. */
  renew(place: Place, invocationId: string, ttlMs: number): Promise<boolean>;
  /** The lease that stands, or undefined. */
  leaseOf(place: Place): Promise<RolloutLease | undefined>;
  /** Gives it back; not the invocation's: nothing to do. */
  release(place: Place, invocationId: string): Promise<void>;
  /** Keeps what an invocation dispatches, so that every attempt applies the same. The first spec of an invocation stays. */
  dispatch(place: Place, dispatched: { invocationId: string; spec: RecordedSpec }): Promise<RecordedSpec>;
  /** What a release was dispatched with last, by one invocation where it is named; undefined where it never was. */
  dispatched(
    place: Place,
    of: { releaseId: string; invocationId?: string },
  ): Promise<RecordedSpec | undefined>;
  /** Replaces the record of a release's migration in that phase. */
  recordMigration(place: Place, record: MigrationRecord): Promise<void>;
  /** Of a release, `before` first. */
  migrations(place: Place, releaseId: string): Promise<MigrationRecord[]>;
  /**
   * Runs a task while no other task of the place runs, in this process or any other on the same ledger.
   * Waits for its turn, or rejects when the signal is aborted first; a turn ends with its process.
   */
  inTurn<T>(place: Place, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}
