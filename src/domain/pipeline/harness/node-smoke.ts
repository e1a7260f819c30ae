import { generatedBy } from "../generated-mark.ts";
import type { Smoke } from "./smoke-facts.ts";

const imports = [
  'import assert from "node:assert/strict";',
  'import { spawn } from "node:child_process";',
  'import { once } from "node:events";',
  'import { connect, createServer } from "node:net";',
  'import path from "node:path";',
  'import test from "node:test";',
  'import { setTimeout as wait } from "node:timers/promises";',
].join("\n");

/** Node's own test runner; `.mjs`, so that it is a module whatever package.json says. */
export const nodeSmoke: Smoke = {
  command: ["node", "--test", "test/smoke.test.mjs"],
  files: (facts, model) => [
    {
      path: "test/smoke.test.mjs",
      content: `// ${generatedBy(model)}
// Starts the service on a free port and asks whether it is ready: node --test test/smoke.test.mjs
${imports}

const moduleFolder = path.resolve(import.meta.dirname, "..");
const start = ${JSON.stringify(facts.start)};
const needed = ${JSON.stringify(facts.variables)};
const readyPath = ${JSON.stringify(facts.path ?? null)};
const timeoutMs = ${facts.timeoutSeconds * 1000};
const missing = needed.filter((name) => process.env[name] === undefined);
const skip = missing.length > 0 && \`not set: \${missing.join(", ")}\`;

test("the service starts and is ready", { skip, timeout: timeoutMs + 10_000 }, async () => {
  const port = await freePort();
  const fixed = ${JSON.stringify(facts.environment)};
  const env = { ...process.env, ...fixed, HOST: "127.0.0.1", ${JSON.stringify(facts.portVariable)}: String(port) };
  // In a group of its own, so that what it starts ends with it.
  const service = spawn(start[0], start.slice(1), { cwd: moduleFolder, env, detached: true });
  const ended = new Promise((resolve) => {
    service.once("error", (error) => resolve(error.message));
    service.once("exit", (code, signal) => resolve(\`it ended with \${signal ?? code}\`));
  });
  let output = "";
  for (const stream of [service.stdout, service.stderr])
    stream.on("data", (chunk) => {
      output = (output + chunk).slice(-8192);
    });
  const over = new AbortController();
  try {
    const outcome = await Promise.race([ready(port, over.signal), ended]);
    assert.equal(outcome, "ready", \`\${outcome}\\n\${output}\`);
  } finally {
    over.abort();
    stop(service);
    await ended;
  }
});

async function ready(port, over) {
  const deadline = Date.now() + timeoutMs;
  for (let last = "no answer"; !over.aborted; ) {
    try {
      last = readyPath === null ? await open(port) : await ask(\`http://127.0.0.1:\${port}\${readyPath}\`);
      if (last === "ready") return last;
    } catch (error) {
      last = error.cause?.message ?? error.message;
    }
    if (Date.now() > deadline) return \`not ready after \${timeoutMs} ms: \${last}\`;
    await wait(100);
  }
}

async function ask(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: "manual" });
  await answer.arrayBuffer();
  return answer.ok ? "ready" : \`\${url} answered \${answer.status}\`;
}

async function open(port) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  return "ready";
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function stop(service) {
  try {
    process.kill(-service.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
`,
    },
  ],
};
