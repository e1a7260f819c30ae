/** Repositories over git's smart HTTP protocol: `git clone http://<any>:<token>@<host>/git/<tenant>/<repository>.git`. */
import type { Context, Env, Hono } from "hono";
import { RefusalError } from "../../domain/refusal.ts";
import { serveGit } from "../../operations/pull-requests/serve-git.ts";
import type { System } from "../../operations/system.ts";
import type { Authenticate } from "../authenticate.ts";
import { problemOf } from "../problem.ts";

type Service = Parameters<typeof serveGit>[2]["service"];
type Phase = Parameters<typeof serveGit>[2]["phase"];

const base = "/git/:tenantId/:repository{[^/]+\\.git}";

export function addGit<E extends Env>(app: Hono<E>, system: System, authenticate: Authenticate): void {
  app.get(`${base}/info/refs`, (context) => {
    const service = serviceOf(context.req.query("service") ?? "");
    if (service === undefined)
      return say(context, 403, "Only git's smart protocol is spoken here; git 1.6.6 or newer does.");
    return answer(context, { system, authenticate }, { service, phase: "advertise" });
  });
  app.post(`${base}/:service{git-(?:upload|receive)-pack}`, (context) => {
    const service = serviceOf(context.req.param("service"));
    if (service === undefined) return say(context, 404, "There is nothing here.");
    return answer(context, { system, authenticate }, { service, phase: "exchange" });
  });
}

async function answer(
  context: Context,
  { system, authenticate }: { system: System; authenticate: Authenticate },
  { service, phase }: { service: Service; phase: Phase },
): Promise<Response> {
  const { raw } = context.req;
  const type = `application/x-${service}`;
  if (phase === "exchange" && context.req.header("content-type") !== `${type}-request`)
    return say(context, 415, `Expected content-type ${type}-request.`);
  try {
    const caller = await authenticate(raw.headers);
    const body = await serveGit(system, caller, {
      tenantId: context.req.param("tenantId") ?? "",
      repository: (context.req.param("repository") ?? "").replace(/\.git$/, ""),
      service,
      phase,
      protocol: context.req.header("git-protocol"),
      gzip: /^(x-)?gzip$/.test(context.req.header("content-encoding") ?? ""),
      body: raw.body ?? undefined,
      signal: raw.signal,
    });
    const form = phase === "advertise" ? "advertisement" : "result";
    return context.body(body, 200, { "content-type": `${type}-${form}`, "cache-control": "no-store" });
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { status, detail, next = "" } = problemOf(error.refusal);
    if (status === 401) return challenge(context, `${error.refusal.code}: ${detail}`);
    return say(context, status as 404, `${error.refusal.code}: ${detail} ${next}`);
  }
}

function serviceOf(name: string): Service | undefined {
  return name === "git-upload-pack" || name === "git-receive-pack" ? name : undefined;
}

function challenge(context: Context, why: string): Response {
  const text = `${why} A token is the password, with any user name: connectsoft token create <person>\n`;
  return context.text(text, 401, { "www-authenticate": 'Basic realm="connectsoft", charset="UTF-8"' });
}

/** git shows a text answer to the person as `remote: ...`. */
function say(context: Context, status: 403 | 404 | 415, text: string): Response {
  return context.text(`${text.trim()}\n`, status);
}
