/** Derives job and timer rows from a step: what a record's open invocations and timers were, and are. */
import type { DeliveryRecord, OpenInvocation } from "../../domain/delivery/delivery-state.ts";
import { subjectKey } from "../../domain/scope.ts";
import type { Job, Reserve, Route } from "../../ports/engine-store.ts";

/** `dueAt` of a job that waits for an event. */
export const never = "infinity";

export interface JobChanges {
  put: (Job & { worker: string | undefined })[];
  /** Invocation ids that are open no more. */
  drop: string[];
}

export function jobChanges(
  before: DeliveryRecord,
  after: DeliveryRecord,
  options: { route: Route; reserve: Reserve; now: string },
): JobChanges {
  const was = before.state.invocations;
  const is = after.state.invocations;
  const put = Object.values(is)
    .filter((open) => changed(was[open.invocationId], open))
    .map((open) => {
      const queue = options.route(after, open.agentId);
      const { invocationId, attempt, agentId } = open;
      const job = {
        subject: after.subject,
        invocationId,
        attempt,
        agentId,
        queue,
        dueAt: open.dueAt ?? never,
      };
      const due = open.dueAt !== null && open.dueAt <= options.now;
      return { ...job, worker: due ? options.reserve(job) : undefined };
    });
  return { put, drop: Object.keys(was).filter((id) => is[id] === undefined) };
}

export interface TimerChanges {
  put: { subject: string; timer: string; dueAt: string }[];
  drop: { subject: string; timer: string }[];
}

export function timerChanges(before: DeliveryRecord, after: DeliveryRecord): TimerChanges {
  const subject = subjectKey(after.subject);
  const was = before.state.timers;
  const is = after.state.timers;
  return {
    put: Object.entries(is)
      .filter(([timer, { dueAt }]) => was[timer]?.dueAt !== dueAt)
      .map(([timer, { dueAt }]) => ({ subject, timer, dueAt })),
    drop: Object.keys(was)
      .filter((timer) => is[timer] === undefined)
      .map((timer) => ({ subject, timer })),
  };
}

function changed(was: OpenInvocation | undefined, is: OpenInvocation): boolean {
  return was === undefined || was.attempt !== is.attempt || was.dueAt !== is.dueAt;
}
