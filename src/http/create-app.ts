/** The HTTP face: routes from the catalogue, problem details, health and metrics. */
import { Hono } from "hono";
import { RefusalError } from "../domain/refusal.ts";
import type { System } from "../operations/system.ts";
import { type ApiEnv, addOperations } from "./add-operations.ts";
import { addSignIn } from "./add-sign-in.ts";
import { addStudio } from "./add-studio.ts";
import { answerProblem } from "./answer-problem.ts";
import { createAuthentication } from "./authenticate.ts";
import { addGit } from "./git/add-git.ts";
import { addDocs } from "./openapi/add-docs.ts";
import { outageOf } from "./outage.ts";
import { type Problem, problem, problemOf } from "./problem.ts";
import { createRateLimits } from "./rate-limit.ts";
import { addHookCalls } from "./receive-hook.ts";
import { secureAnswers } from "./secure-answers.ts";
import { addProviderSignIn } from "./session/add-provider-sign-in.ts";
import { addSession } from "./session/add-session.ts";

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
  /** Requests of one caller in ten seconds; 0: as many as they like. */
  rateLimit: number;
  /** Where Studio is built. */
  studio: string;
  /** Told of what was not expected; the caller learns only that it happened. */
  trouble(message: string, error: unknown): void;
}

const metricsType = "text/plain; version=0.0.4; charset=utf-8";

export function createApp(options: AppOptions): Hono<ApiEnv> {
  const { system } = options;
  const app = new Hono<ApiEnv>();
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
    const limits = createRateLimits(options.rateLimit);
    const authentication = createAuthentication(system, { ...options, limits });
    addSession(app, system, { ...options, authentication, limits });
    addProviderSignIn(app, system, { ...options, authentication, limits });
    addHookCalls(app, { ...options, authentication, limits });
    addOperations(app, { system, authentication, limits });
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
    answerProblem(
      context,
      problem(404, "NotFound", `There is nothing at ${context.req.path}.`, "See docs/reference/http-api.md."),
    ),
  );
  app.onError((error, context) => {
    if (error instanceof RefusalError) {
      options.refused(error.refusal.code, context.get("caller")?.tenantId);
      return answerProblem(context, problemOf(error.refusal));
    }
    const outage = outageOf(error);
    if (outage === undefined) options.trouble(`${context.req.method} ${context.req.path} failed`, error);
    return answerProblem(context, outage ?? unexpected());
  });
  return app;
}

function unexpected(): Problem {
  return problem(500, "Unexpected", "Something failed that was not expected.", "See the server's log.");
}
