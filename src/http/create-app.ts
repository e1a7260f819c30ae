/** The HTTP face: routes from the catalogue, problem details, health and metrics. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { RefusalError, refuse } from "../domain/refusal.ts";
import { recordRefusedAct } from "../operations/access/record-refused-act.ts";
import type { ArchiveDownload } from "../operations/audit/export-trace.ts";
import { catalogue } from "../operations/catalogue.ts";
import type { Operation } from "../operations/operation.ts";
import { openLogs, readLogsInput } from "../operations/read-logs.ts";
import type { Caller, System } from "../operations/system.ts";
import { addSignIn } from "./add-sign-in.ts";
import { addStudio } from "./add-studio.ts";
import { type Authentication, createAuthentication } from "./authenticate.ts";
import { addGit } from "./git/add-git.ts";
import { addDocs } from "./openapi/add-docs.ts";
import { outageOf } from "./outage.ts";
import { type Problem, problem, problemOf } from "./problem.ts";
import { readCloudEvent } from "./read-cloud-event.ts";
import { secureAnswers } from "./secure-answers.ts";
import { addProviderSignIn } from "./session/add-provider-sign-in.ts";
import { addSession } from "./session/add-session.ts";
import { streamArchive } from "./stream-archive.ts";
import { streamEvents } from "./stream-events.ts";
import { streamLogs } from "./stream-logs.ts";
import { streamRun } from "./stream-run.ts";
import { streamTenant } from "./stream-tenant.ts";

export interface AppOptions {
  system: System;
  /** Why this process cannot serve, or undefined. */
  readiness(): Promise<string | undefined>;
  /** The metrics in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Told of each refusal, for metrics. */
  refused(code: string, tenantId: string | undefined): void;
  /** False: health and metrics only, as a worker has them. */
  api: boolean;
  /** Of this program, as a page shows it. */
  version: string;
  /** What stands before the server says by X-Forwarded-Proto, -Host and -For how it was called. */
  trustProxy: boolean;
  /** Of this server as a client of tenants' providers, by the name of an environment variable. */
  secretOf(variable: string): string | undefined;
  /** Where Studio is built. */
  studio: string;
  /** Told of what was not expected; the caller learns only that it happened. */
  trouble(message: string, error: unknown): void;
}

const longestBodyBytes = 1024 * 1024;
const metricsType = "text/plain; version=0.0.4; charset=utf-8";

type Env = { Variables: { caller: Caller } };

export function createApp(options: AppOptions): Hono<Env> {
  const { system } = options;
  const app = new Hono<Env>();
  secureAnswers(app, options);
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get("/readyz", async (context) => {
    const reason = await options.readiness();
    return reason === undefined ? context.text("ready\n") : context.text(`not ready: ${reason}\n`, 503);
  });
  app.get("/metrics", async (context) =>
    context.body(await options.metrics(), 200, { "content-type": metricsType }),
  );
  if (options.api) {
    const authentication = createAuthentication(system, options);
    addSession(app, system, { ...options, authentication });
    addProviderSignIn(app, system, { ...options, authentication });
    addApi(app, system, authentication);
    addGit(app, system, (headers) => authentication.basic(headers).catch(counted));
    addSignIn(app, system);
    addDocs(app, options.version);
    addStudio(app, options.studio);
  }
  /** git's answers are made where they are refused. */
  function counted(error: unknown): never {
    if (error instanceof RefusalError) options.refused(error.refusal.code, undefined);
    throw error;
  }
  app.notFound((context) =>
    answer(
      context,
      problem(404, "NotFound", `There is nothing at ${context.req.path}.`, "See docs/reference/http-api.md."),
    ),
  );
  app.onError((error, context) => {
    if (error instanceof RefusalError) {
      options.refused(error.refusal.code, context.get("caller")?.tenantId);
      return answer(context, problemOf(error.refusal));
    }
    const outage = outageOf(error);
    if (outage === undefined) options.trouble(`${context.req.method} ${context.req.path} failed`, error);
    return answer(context, outage ?? unexpected());
  });
  return app;
}

function addApi(app: Hono<Env>, system: System, authentication: Authentication): void {
  app.use("/api/*", async (context, next) => {
    context.set("caller", await authentication.caller(context));
    await next();
  });
  app.use(
    "/api/*",
    bodyLimit({ maxSize: longestBodyBytes, onError: (context) => tooLarge(system, context) }),
  );
  for (const operation of catalogue) addRoute(app, operation, { system, authentication });
}

interface Asked {
  system: System;
  authentication: Authentication;
}

function addRoute(app: Hono<Env>, operation: Operation, { system, authentication }: Asked): void {
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
    const output = await operation.run(system, caller, input);
    if (operation.name === "exportAudit") return streamArchive(context, output as ArchiveDownload);
    return context.json(output ?? null);
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

function answer(context: Context, body: Problem): Response {
  return context.body(JSON.stringify(body), body.status as ContentfulStatusCode, {
    "content-type": "application/problem+json",
    ...(body.status === 401 && { "www-authenticate": challengeOf(body) }),
  });
}

/** RFC 6750 §3.1: a token that is not good is `invalid_token`; where there was none, no error is named. */
function challengeOf({ code, detail }: Problem): string {
  if (code === "Unauthenticated") return "Bearer";
  return `Bearer error="invalid_token", error_description="${detail.replace(/[^ !#-[\]-~]/g, "'")}"`;
}

/** Who sent it is known by then, and stands on record. */
async function tooLarge(system: System, context: Context<Env>): Promise<Response> {
  const error = refuse("InputInvalid", `body: at most ${longestBodyBytes} bytes are taken.`, "Send less.");
  const operation = `${context.req.method} ${context.req.path}`.slice(0, 300);
  await recordRefusedAct(system, context.get("caller"), { operation, about: {}, error });
  return answer(context, { ...problemOf(error.refusal), status: 413 });
}

function unexpected(): Problem {
  return problem(500, "Unexpected", "Something failed that was not expected.", "See the server's log.");
}
