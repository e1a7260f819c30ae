/** Types, lint, unused code and layering. One line a check; the output of those that fail. */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const checks = [
  { name: "types", file: "node_modules/typescript/bin/tsc", args: ["-p", "."] },
  { name: "types of Studio", file: "node_modules/typescript/bin/tsc", args: ["-p", "studio"] },
  { name: "types of its tests", file: "node_modules/typescript/bin/tsc", args: ["-p", "test/browser"] },
  {
    name: "lint and format",
    file: "node_modules/@biomejs/biome/bin/biome",
    args: ["ci", "--colors=off", "."],
  },
  { name: "contract", file: "scripts/contract/main.ts", args: ["--check"] },
  { name: "unused code", file: "node_modules/knip/bin/knip.js", args: ["--no-progress"] },
  { name: "layering", file: "node_modules/vitest/vitest.mjs", args: ["run", "test/architecture"] },
];

const results = [];
for (const check of checks) results.push(await run(check));
const failed = results.filter((result) => result.code !== 0);
for (const { name, output } of failed) process.stdout.write(`\n--- ${name}\n${output.trim()}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function run({ name, file, args }) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, file), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
      resolve({ name, code, output });
    });
  });
}
