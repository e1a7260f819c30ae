/** What the conformance suite of targets, and tests of targets, begin with: a subject, a release, a service. */
import type { Probes } from "../domain/module/module-spec.ts";
import type { ReleaseSpec, RunningRelease, Target } from "./target.ts";

export interface TargetSubject {
  target: Target;
  /** What every release needs on this target: an image, a variable that makes it listen where it is reached. */
  spec?: Partial<ReleaseSpec>;
  /** Makes a release directory of these files and returns its digest. */
  artifact(files: Record<string, string>): Promise<string>;
  /** Requests a path of a module as a user would, through the target's front door. */
  request(host: string, path: string): Promise<{ status: number; body: string }>;
  dispose(): Promise<void>;
}

export const namespace = "acme-staging";

export function releaseSpec(more: Partial<ReleaseSpec> & { artifact: string }): ReleaseSpec {
  const moduleId = more.moduleId ?? "echo";
  return {
    namespace,
    moduleId,
    releaseId: "release-000001",
    version: "1.0.0",
    start: ["node", "server.js"],
    portVariable: "PORT",
    probes: quickProbes("/health"),
    hosts: [],
    environment: {},
    startupTimeoutMs: 20_000,
    ...more,
  };
}

/** Releases of one artifact with what the target needs; the environment is added to its own. */
export function specWith(
  subject: TargetSubject,
  artifact: string,
): (more: Partial<ReleaseSpec>) => ReleaseSpec {
  return (more) => {
    const environment = { ...subject.spec?.environment, ...more.environment };
    return releaseSpec({ artifact, ...subject.spec, ...more, environment });
  };
}

export function quickProbes(path: string): Probes {
  const probe = {
    httpGet: { path },
    initialDelaySeconds: 0,
    periodSeconds: 0.1,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  return {
    startup: { ...probe, failureThreshold: 1_000 },
    readiness: probe,
    liveness: { ...probe, failureThreshold: 50 },
  };
}

export function hostOf(moduleId: string): string {
  return `${moduleId}.${namespace}.localhost`;
}

/** Answers its greeting; can be told to crash, to fall ill, to fail and to be slow. */
export const echoServer = `
const http = require("node:http");
let ill = false;
http.createServer((request, response) => {
  if (request.url === "/crash") process.exit(7);
  if (request.url === "/crash-first" && process.env.CONNECTSOFT_SERVICE.endsWith("#0")) process.exit(7);
  if (request.url === "/sicken") ill = true;
  if (request.url === "/health" && ill) response.statusCode = 503;
  if (request.url === "/fail") response.statusCode = 500;
  if (request.url === "/which") return response.end(process.env.CONNECTSOFT_SERVICE);
  if (request.url === "/say") console.log("said", process.env.GREETING);
  if (request.url === "/slow") return setTimeout(() => response.end("at last"), 200);
  if (request.url === "/headers") return response.end(JSON.stringify(request.headers));
  response.end(process.env.GREETING ?? "hello");
}).listen(process.env.PORT, process.env.HOST ?? "127.0.0.1");
`;

export function start(target: Target, spec: ReleaseSpec, lines: string[] = []): Promise<RunningRelease> {
  return target.start(spec, watch(lines));
}

export function watch(lines: string[] = []) {
  return { signal: forever(), progress: (line: string) => void lines.push(line) };
}

export function forever(): AbortSignal {
  return new AbortController().signal;
}

/** A release with all of its module's traffic. */
export async function serve(target: Target, spec: ReleaseSpec): Promise<RunningRelease> {
  const started = await start(target, spec);
  if (started.reason !== undefined) throw new Error(`${spec.releaseId} did not start: ${started.reason}`);
  const [serving] = await target.route(spec, [{ releaseId: spec.releaseId, weight: 100 }]);
  if (serving === undefined) throw new Error(`${spec.releaseId} did not get its traffic`);
  return serving;
}
