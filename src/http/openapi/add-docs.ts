/** `GET /openapi.json`, and `GET /docs` as a page that shows it. Open to all: it says what there is, and holds nothing of a tenant. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Context, Env, Hono } from "hono";
import { openApiDocument } from "./document.ts";

const viewer = path.dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** The page's files by name: of the viewer, and its start. */
const files: Record<string, { place: string; type: string }> = {
  "viewer.js": { place: path.join(viewer, "swagger-ui-bundle.js"), type: "text/javascript" },
  "viewer.css": { place: path.join(viewer, "swagger-ui.css"), type: "text/css" },
  "start.js": { place: path.join(import.meta.dirname, "docs-start.js"), type: "text/javascript" },
};

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ConnectSoft delivery: HTTP API</title>
<link rel="stylesheet" href="/docs/viewer.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/viewer.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

export function addDocs<E extends Env>(app: Hono<E>, version: string): void {
  let document: string | undefined;
  app.get("/openapi.json", (context) => {
    document ??= JSON.stringify(openApiDocument(version));
    return withTag(context, document, "application/json");
  });
  app.get("/docs", (context) => context.html(page));
  app.get("/docs/:file", async (context, next) => {
    const file = files[context.req.param("file")];
    if (file === undefined) return next();
    return withTag(context, await readFile(file.place, "utf8"), file.type);
  });
}

/** Kept by who has it, and asked for again each time: a new version of the program shows at once. */
function withTag(context: Context, text: string, type: string): Response {
  const tag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const headers = { etag: tag, "cache-control": "no-cache", "content-type": `${type}; charset=utf-8` };
  if (context.req.header("if-none-match") === tag) return context.body(null, 304, headers);
  return context.body(text, 200, headers);
}
