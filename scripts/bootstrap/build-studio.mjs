/** Builds Studio where what it is made of changed since it was built; a build that is half written counts for nothing. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fail } from "./fail.mjs";
import { withLock } from "./with-lock.mjs";

const parts = ["studio/app", "studio/features", "studio/public", "studio/text", "studio/ui", "client/src"];
const files = ["studio/index.html", "studio/vite.config.ts", "package-lock.json"];

export async function buildStudio(node, root) {
  if (isCurrent(root)) return;
  await withLock("studio", root, async () => {
    if (isCurrent(root)) return;
    const digest = digestOf(root);
    await build(node, root);
    writeFileSync(stampOf(root), digest);
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

function build(node, root) {
  const vite = path.join(root, "node_modules/vite/bin/vite.js");
  return new Promise((resolve, reject) => {
    const child = spawn(node, [vite, "build", "studio", "--logLevel", "warn"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve()
        : reject(
            fail(`Studio could not be built:\n${output.trim()}`, "Mend it, or say what you see in an issue."),
          ),
    );
  });
}
