/** An instance as people and agents are told of it. */
import type { ProbeStatus, RunningInstance } from "../../../../ports/target.ts";
import type { Exit } from "../runtimes/runtime.ts";
import type { InstanceRecord } from "./state.ts";

export function viewInstance(
  record: InstanceRecord,
  {
    healthStatus,
    usage,
  }: { healthStatus: ProbeStatus[]; usage?: { memoryBytes: number; processes: number } | undefined },
): RunningInstance {
  return {
    index: record.index,
    state: record.phase,
    restartCount: record.restartCount,
    healthStatus,
    ...(record.identity && { pid: record.identity.pid }),
    ...(record.identity && record.port !== undefined && { port: record.port }),
    ...(record.startedAt !== undefined && { startedAt: record.startedAt }),
    ...(record.startupTimeMs !== undefined && { startupTimeMs: record.startupTimeMs }),
    ...(record.exit && { exit: record.exit }),
    ...(record.reason !== undefined && { reason: record.reason }),
    ...usage,
  };
}

/** How it ended, and what follows from it for its author. */
export function endInWords({ code, signal, because }: Exit, wasStarting: boolean): string {
  const how =
    code !== null ? `with exit code ${code}` : signal === null ? "by itself" : `by signal ${signal}`;
  const ended = `it ended ${how}${wasStarting ? " before it was ready" : ""}`;
  if (because !== undefined) return `${ended}: ${because}`;
  return wasStarting && code === 0 ? `${ended}; a service has to stay in the foreground` : ended;
}
