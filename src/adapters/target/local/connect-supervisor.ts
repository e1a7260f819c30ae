/** A standing connection to the supervisor of a directory: brought up at the first call, and again when it dies. */
import { existsSync } from "node:fs";
import type { LogLine } from "../../../ports/target.ts";
import type { Layout } from "./layout.ts";
import type { LogsRequest } from "./supervisor/protocol.ts";
import {
  type CallOptions,
  callSupervisor,
  ensureSupervisor,
  holdSupervisor,
  SupervisorGone,
  streamLogs,
} from "./supervisor-client.ts";

const attempts = 3;

export interface SupervisorConnection {
  /** Every call may be repeated, so a supervisor that dies in the middle of one costs a new attempt only. */
  call(path: string, body: unknown, options?: CallOptions): Promise<unknown>;
  logs(request: LogsRequest, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Lets go of the supervisor, which runs on. */
  close(): Promise<void>;
}

export function connectSupervisor(layout: Layout, routerPort: number | undefined): SupervisorConnection {
  let letGo: (() => void) | undefined;
  let ensuring: Promise<void> | undefined;
  let closed = false;

  async function ensure(): Promise<void> {
    await ensureSupervisor(layout, routerPort);
    if (closed || letGo !== undefined) return;
    letGo = holdSupervisor(layout, () => {
      letGo = undefined;
      // Services that nobody watches are brought back by nobody: now, not at the next call.
      if (!closed) ensureOnce().catch(() => {});
    });
  }

  function ensureOnce(): Promise<void> {
    ensuring ??= ensure().finally(() => {
      ensuring = undefined;
    });
    return ensuring;
  }

  if (existsSync(layout.state)) ensureOnce().catch(() => {});

  return {
    async call(path, body, options = {}) {
      for (let attempt = 1; ; attempt += 1) {
        await ensureOnce();
        try {
          return await callSupervisor(layout, path, body, options);
        } catch (error) {
          if (!(error instanceof SupervisorGone) || attempt === attempts) throw error;
        }
      }
    },
    async *logs(request, signal) {
      for (let tail = request.tail; !signal.aborted; tail = 0) {
        await ensureOnce();
        try {
          yield* streamLogs(layout, { ...request, tail }, signal);
          return;
        } catch (error) {
          if (signal.aborted) return;
          // The next supervisor goes on with what comes from then on.
          if (!(error instanceof SupervisorGone) || !request.follow) throw error;
        }
      }
    },
    async close() {
      closed = true;
      await ensuring?.catch(() => {});
      letGo?.();
    },
  };
}
