/** A route for each operation of the catalogue, for whoever the request shows to be. */
import type { Context, Hono } from "hono";
import { type RefusalError, refuse } from "../domain/refusal.ts";
import { recordRefusedAct } from "../operations/access/record-refused-act.ts";
import type { ArchiveDownload } from "../operations/audit/export-trace.ts";
import { catalogue } from "../operations/catalogue.ts";
import type { Operation } from "../operations/operation.ts";
import { openLogs, readLogsInput } from "../operations/read-logs.ts";
import type { Caller, System } from "../operations/system.ts";
import type { Authentication } from "./authenticate.ts";
import { onceByKey } from "./idempotency.ts";
import { ingestBatch, isBatch } from "./ingest-batch.ts";
import { limitBody } from "./limit-body.ts";
import type { RateLimits } from "./rate-limit.ts";
import { readCloudEvent } from "./read-cloud-event.ts";
import { streamArchive } from "./stream-archive.ts";
import { streamEvents } from "./stream-events.ts";
import { streamLogs } from "./stream-logs.ts";
import { streamRun } from "./stream-run.ts";
import { streamTenant } from "./stream-tenant.ts";
import { taggedJson } from "./tagged-json.ts";

export type ApiEnv = { Variables: { caller: Caller } };

export interface Asked {
  system: System;
  authentication: Authentication;
  limits: RateLimits;
}

const longestBodyBytes = 1024 * 1024;

export function addOperations(app: Hono<ApiEnv>, { system, authentication, limits }: Asked): void {
  app.use("/api/*", async (context, next) => {
    const caller = await authentication.caller(context);
    context.set("caller", caller);
    await limits.count(context, caller);
    await next();
  });
  app.use(
    "/api/*",
    limitBody<ApiEnv>(longestBodyBytes, (context, error) => noteTooLong(system, context, error)),
  );
  for (const operation of catalogue) addRoute(app, operation, { system, authentication });
}

function addRoute(
  app: Hono<ApiEnv>,
  operation: Operation,
  { system, authentication }: Omit<Asked, "limits">,
): void {
  app.on(operation.method, `/api/v1${operation.path}`, async (context) => {
    const caller = context.get("caller");
    if (operation.name === "readEvents" && context.req.header("accept")?.includes("text/event-stream")) {
      // What would be refused must be answered before the stream begins.
      await operation.run(system, caller, { ...context.req.param(), limit: 1 });
      return streamEvents(context, system, caller);
    }
    if (operation.name === "readStream" && context.req.header("accept")?.includes("text/event-stream")) {
      const input = context.req.query();
      await operation.check(system, caller, input);
      const check = async () => operation.check(system, await authentication.caller(context), input);
      return streamTenant(context, { system, caller, check });
    }
    if (operation.name === "ingestEvent" && isBatch(context))
      return ingestBatch(context, { system, caller, operation });
    const body =
      operation.name === "ingestEvent"
        ? readCloudEvent(context.req.raw.headers, await context.req.text())
        : await bodyOf(context);
    const input = { ...context.req.query(), ...body, ...context.req.param() };
    if (operation.name === "runPipeline" && context.req.header("accept")?.includes("text/event-stream")) {
      await operation.check(system, caller, input);
      return streamRun(context, { system, caller, input });
    }
    if (operation.name === "readLogs" && context.req.header("accept")?.includes("text/event-stream")) {
      await operation.check(system, caller, input);
      return streamLogs(context, await openLogs(system, caller, readLogsInput.parse(input)));
    }
    return onceByKey(context, { system, caller, operation, input }, async () => {
      const output = await operation.run(system, caller, input);
      if (operation.name === "exportAudit") return streamArchive(context, output as ArchiveDownload);
      return taggedJson(context, output);
    });
  });
}

async function bodyOf(context: Context): Promise<object> {
  if (context.req.method === "GET" || context.req.method === "DELETE") return {};
  const text = await context.req.text();
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Said below.
  }
  throw refuse("InputInvalid", "body: expected a JSON object.", "Send content-type application/json.");
}

/** Who sent it is known by then, and stands on record. */
async function noteTooLong(system: System, context: Context<ApiEnv>, error: RefusalError): Promise<void> {
  const operation = `${context.req.method} ${context.req.path}`.slice(0, 300);
  await recordRefusedAct(system, context.get("caller"), { operation, about: {}, error });
}
