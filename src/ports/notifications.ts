/**
 * What is told to the targets that tenants name, derived from the chains of their deliveries. Every event that a
 * target wants becomes one notification, whatever is killed when: what was looked at and what came of it are written
 * together. Of one delivery a target is told in the order of its chain.
 */
import type { DeliveryEvent } from "../domain/event/event.ts";

/** Which events a target is told of. */
export interface Selection {
  tenantId: string;
  targetId: string;
  names: string[];
  /** Of artifacts that are written those whose path fits one of these regular expressions. Absent: all. */
  artifacts?: string[];
  /** Absent: all. */
  environments?: string[];
  modules?: string[];
}

/** Of all deliveries a few, since to look at all of them is dear. */
export type Among = { subjects: readonly string[] } | { changedWithinMs: number };

/** `skipped`: somebody had it left out, when they resumed what had been paused. */
export type NotificationState = "waiting" | "sent" | "dead" | "skipped";

export interface NotificationRow {
  notificationId: string;
  targetId: string;
  /** `<tenantId>/<traceId>/<moduleId>` */
  subject: string;
  sequence: number;
  /** Of the event. */
  name: string;
  state: NotificationState;
  attempts: number;
  /** ISO 8601, as the others. */
  madeAt: string;
  /** When it is sent next; only of one that waits. */
  dueAt?: string;
  /** When it was sent, given up or skipped. */
  endedAt?: string;
  /** Why the last attempt came to nothing. */
  problem?: string;
}

export interface TargetState {
  tenantId: string;
  targetId: string;
  waiting: number;
  sent: number;
  dead: number;
  /** Attempts in a row that came to nothing. */
  failures: number;
  problem?: string;
  /** Nothing is sent to it before; absent: it is not held back. */
  resumeAt?: string;
  /** Nothing is sent to it until it is resumed; what happens meanwhile waits. */
  paused?: Pause;
}

export interface Pause {
  /** ISO 8601 */
  at: string;
  by: string;
  reason: string;
}

/** One that is to be sent now; whoever has it says how it went, or it is given out again at `leaseMs`. */
export interface Claimed {
  notificationId: string;
  event: DeliveryEvent;
  /** This one included. */
  attempt: number;
  madeAt: string;
}

/** How an attempt went. */
export interface Attempt {
  notificationId: string;
  /** ISO 8601: when it ended. */
  at: string;
  tookMs: number;
  arrived: boolean;
  /** What was answered, or why nothing was; one line, and never the body of an answer. */
  answer: string;
}

export type Settlement =
  | { state: "sent" }
  /** `holdsTarget`: what is wrong is wrong with the target, so nothing else is sent to it before either. */
  | { state: "waiting"; problem: string; delayMs: number; holdsTarget: boolean }
  | { state: "dead"; problem: string }
  /** Not for this target after all: it is forgotten. */
  | { state: "unfit" };

export interface NotificationQuery {
  targetId?: string;
  state?: NotificationState;
  /** At most 100 unless it says otherwise. */
  limit?: number;
}

export type RevivedOnes =
  | { ids: readonly string[] }
  | { all: true; targetId?: string }
  /** Of one target, also what had arrived or was skipped. */
  | { again: readonly string[]; targetId: string };

export interface Notifications {
  /** Targets that are known, of all tenants. */
  targets(): Promise<{ tenantId: string; targetId: string }[]>;
  /** Makes a target known, which is told of events from `since` on, ISO 8601. A known one stays as it is. */
  open(target: { tenantId: string; targetId: string; since: string }): Promise<void>;
  /** Forgets a target with all that waits for it and all that it was sent. */
  close(target: { tenantId: string; targetId: string }): Promise<void>;
  /** False: it was paused before, or is not known. What is being sent at the moment still arrives. */
  pause(
    target: { tenantId: string; targetId: string },
    pause: Pick<Pause, "by" | "reason">,
  ): Promise<boolean>;
  /**
   * What gathered is due at once; or is left out, where it is to be skipped: returns how many were. Undefined: it was
   * not paused.
   */
  resume(
    target: { tenantId: string; targetId: string },
    how: { skip: boolean },
  ): Promise<{ skipped: number } | undefined>;
  /**
   * Makes notifications of what happened since the last look, of all deliveries or of those that are asked for. Returns
   * how many. At most 1,000 pairs of delivery and target are taken: `more` says that there are others.
   */
  take(
    tenantId: string,
    selections: readonly Selection[],
    among?: Among,
  ): Promise<{ made: number; more: boolean }>;
  /** Targets for which something is due. */
  due(): Promise<{ tenantId: string; targetId: string }[]>;
  claim(
    target: { tenantId: string; targetId: string },
    options: { limit: number; leaseMs: number },
  ): Promise<Claimed[]>;
  /** Of an attempt that somebody else has made again meanwhile, only a success counts. Each is kept as it went. */
  settle(
    claimed: { tenantId: string; targetId: string; notificationId: string; attempt: number },
    settlement: Settlement,
    went: Pick<Attempt, "tookMs" | "answer">,
  ): Promise<void>;
  /**
   * Gives up what waits for longer than this for a target that does not answer, and is not paused; removes what ended
   * long ago.
   */
  tidy(ages: { staleMs: number; sentMs: number; deadMs: number }): Promise<void>;
  /** Newest first. */
  list(tenantId: string, query?: NotificationQuery): Promise<NotificationRow[]>;
  /** Of these notifications, oldest first; at most the last 100 of each. */
  attempts(tenantId: string, notificationIds: readonly string[]): Promise<Attempt[]>;
  states(tenantId: string): Promise<TargetState[]>;
  /** Sends dead ones afresh: those that are named, or all, of one target where it is named. Returns those that it found; what still waits is none. */
  revive(tenantId: string, which: RevivedOnes): Promise<NotificationRow[]>;
}
