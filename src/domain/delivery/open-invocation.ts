/** The life of one open invocation: what each event makes of it. Every further attempt makes the one before late. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { JsonObject } from "../json.ts";
import type { OpenInvocation } from "./delivery-state.ts";

/** As `AgentInvoked` states it. */
export function openInvocation(
  { time, environment, releaseid }: DeliveryEvent,
  data: JsonObject,
): OpenInvocation {
  const stated = data as unknown as OpenInvocation;
  return {
    invocationId: stated.invocationId,
    instance: stated.instance,
    key: stated.key,
    agentId: stated.agentId,
    skillId: stated.skillId,
    fsmState: stated.fsmState,
    step: stated.step,
    attempt: 1,
    retries: 0,
    retry: stated.retry,
    invokedAt: time,
    ...(environment !== undefined && { environment }),
    ...(releaseid !== undefined && { releaseId: releaseid }),
    dueAt: time,
    wakeOn: [],
    heard: [],
  };
}

/** An attempt ended with waiting. What came while it ran is not missed: it may be just what it waits for. */
export function delayed(open: OpenInvocation, { data, time }: DeliveryEvent): OpenInvocation {
  const wakeOn = (data.wakeOn ?? []) as OpenInvocation["wakeOn"];
  if (wakeOn.some((name) => open.heard.includes(name))) return runAgain(open, time);
  const dueAt = typeof data.until === "string" ? data.until : null;
  return { ...runAgain(open, time), dueAt, wakeOn };
}

/** A worker that was lost is no failure of the agent's, and costs it no retry. */
export function retried(open: OpenInvocation, { data }: DeliveryEvent, retryAt: string): OpenInvocation {
  const retries = open.retries + (data.code === "WorkerLost" ? 0 : 1);
  return { ...runAgain(open, retryAt), retries };
}

/** An event that it may wait for: it wakes it, or is kept in mind for when its attempt ends. */
export function told(open: OpenInvocation, event: DeliveryEvent): OpenInvocation {
  const name = eventName(event);
  const { environment, invocationid, time } = event;
  if (invocationid === open.invocationId) return open;
  if (environment !== undefined && open.environment !== undefined && environment !== open.environment)
    return open;
  const waits = open.dueAt === null || open.dueAt > time;
  if (waits && open.wakeOn.includes(name)) return runAgain(open, time);
  return open.heard.includes(name) ? open : { ...open, heard: [...open.heard, name] };
}

/** As another attempt, due at an ISO 8601 time. */
export function runAgain(open: OpenInvocation, dueAt: string): OpenInvocation {
  return { ...open, attempt: open.attempt + 1, dueAt, wakeOn: [], heard: [] };
}
