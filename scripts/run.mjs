/** `node scripts/run.mjs <command> [args]`: what the scripts of package.json call. Installs what is missing first. */
import path from "node:path";
import { buildStudio } from "./bootstrap/build-studio.mjs";
import { fail, reportFailure } from "./bootstrap/fail.mjs";
import { runToEnd } from "./bootstrap/run-to-end.mjs";
import { prepare, root, runProgram } from "./bootstrap.mjs";

const commands = {
  test: ["node_modules/vitest/vitest.mjs", "run"],
  "test:real": ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.real.config.ts"],
  bench: ["bench/main.ts"],
  check: ["scripts/check.mjs"],
  screenshots: ["scripts/screenshots/take-screenshots.ts"],
  contract: ["scripts/contract/main.ts"],
};

const showsStudio = ["test", "test:real", "bench", "screenshots"];

const [command, ...args] = process.argv.slice(2);

try {
  if (command === "connectsoft" || command === "studio") await runProgram(command, args);
  else await runScript();
} catch (error) {
  reportFailure(error);
}

async function runScript() {
  if (!Object.hasOwn(commands, command ?? "")) {
    const known = ["connectsoft", "studio", ...Object.keys(commands)].join("|");
    throw fail(
      `${command ?? "no command"}: expected ${known}`,
      "Usage: node scripts/run.mjs <command> [args]",
    );
  }
  const [file, ...first] = commands[command];
  const node = await prepare();
  // Before tests begin beside each other: one of them would build it, and the others wait.
  if (showsStudio.includes(command)) await buildStudio(node, root);
  process.exitCode = await runToEnd(node, [path.join(root, file), ...first, ...args], { cwd: root });
}
