/**
 * Builds Studio where what it is made of changed since it was built; a build that is half written counts for nothing.
 * Where it cannot be built everything else works: it is said in a line, and the server shows what was built before.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { withLock } from "./with-lock.mjs";

const parts = ["studio/app", "studio/features", "studio/public", "studio/text", "studio/ui", "client/src"];
const files = ["studio/index.html", "studio/vite.config.ts", "package-lock.json"];

export async function buildStudio(node, root) {
  if (isCurrent(root)) return;
  await withLock({ name: "studio", subject: root, does: "builds Studio" }, async () => {
    if (isCurrent(root)) return;
    const digest = digestOf(root);
    const draft = path.join(root, "studio/dist.next");
    const trouble = await build(node, root, draft);
    if (trouble === undefined) show(root, draft, digest);
    else process.stderr.write(`Studio could not be built: ${trouble}\n`);
  });
}

function isCurrent(root) {
  const stamp = stampOf(root);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digestOf(root);
}

function stampOf(root) {
  return path.join(root, "studio/dist/.built-from");
}

function digestOf(root) {
  const hash = createHash("sha256");
  for (const file of [...files, ...parts.flatMap((part) => filesIn(root, part))])
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

function filesIn(root, folder) {
  const at = path.join(root, folder);
  if (!existsSync(at)) return [];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** In the place of the one before, in a moment: a server that runs goes on showing one of the two. */
function show(root, draft, digest) {
  writeFileSync(path.join(draft, ".built-from"), digest);
  const [dist, before] = [path.join(root, "studio/dist"), path.join(root, "studio/dist.before")];
  rmSync(before, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, before);
  renameSync(draft, dist);
  rmSync(before, { recursive: true, force: true });
}

/** What hindered it, in a line; undefined where it is built. */
function build(node, root, draft) {
  const vite = path.join(root, "node_modules/vite/bin/vite.js");
  return new Promise((resolve) => {
    const child = spawn(
      node,
      [vite, "build", "studio", "--outDir", draft, "--emptyOutDir", "--logLevel", "warn"],
      {
        cwd: root,
        env: { ...process.env, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? undefined : lineThatSays(output)));
  });
}

function lineThatSays(output) {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trim());
  return (
    lines.find(
      (line) => /error|could not|failed to/i.test(line) && !/^error during|^Build failed|✗/.test(line),
    ) ??
    lines[0] ??
    "vite said nothing"
  );
}
