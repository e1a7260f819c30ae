/** Studio's files, built, and its page for every address that is not the server's own. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Context, Env, Hono } from "hono";

/** Below these nothing is a page of Studio. */
const ownAddresses = /^\/(?:api|git|docs|session|healthz|readyz|metrics|openapi\.json)(?:\/|$)/;
const aYear = "public, max-age=31536000, immutable";

/** Comes last: it takes what nothing else took. `folder`: where Studio is built. */
export function addStudio<E extends Env>(app: Hono<E>, folder: string): void {
  // Made when there is something to serve: it says on the terminal where there is nothing.
  const file = () => serveStatic<E>({ root: folder, precompressed: true });
  const page = () => serveStatic<E>({ root: folder, path: "index.html", precompressed: true });

  app.get("/*", async (context, next) => {
    const address = context.req.path;
    if (ownAddresses.test(address)) return next();
    const tag = await tagOf(folder, address);
    if (tag !== undefined) {
      const kept = keep(context, tag, address.startsWith("/assets/") ? aYear : "no-cache");
      return kept ?? file()(context, next);
    }
    if (!wantsPage(context)) return next();
    const pageTag = await tagOf(folder, "/index.html");
    if (pageTag === undefined) return context.html(notBuilt, 503);
    return keep(context, pageTag, "no-cache") ?? page()(context, next);
  });
}

/** Undefined where there is no such file: names that climb, hide or are folders are none. */
async function tagOf(folder: string, address: string): Promise<string | undefined> {
  if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(address)) return undefined;
  const found = await stat(path.join(folder, address)).catch(() => undefined);
  return found?.isFile() === true
    ? `W/"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`
    : undefined;
}

/** Says how long it may be kept; answers where the browser has it already. */
function keep(context: Context, tag: string, control: string): Response | undefined {
  context.header("etag", tag);
  context.header("cache-control", control);
  return context.req.header("if-none-match") === tag ? context.body(null, 304) : undefined;
}

export function wantsPage(context: Context): boolean {
  return context.req.header("accept")?.includes("text/html") === true;
}

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Studio is not built</title></head>
<body>
<h1>Studio is not built yet</h1>
<p>The server runs. In its folder, run <code>npx vite build studio</code>, then load this page again.</p>
<p>Decisions can also be taken on a terminal: <code>npx studio pending</code>.</p>
</body>
</html>
`;
