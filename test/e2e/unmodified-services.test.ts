/** Services from npm that nobody here wrote, as they are published: unpacked and handed over as folders. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Installation } from "./support/installation.ts";

const run = promisify(execFile);
let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

/** The package as npm publishes it, in a folder; skips the test where the registry cannot be reached. */
async function unpack(context: TestContext, name: string): Promise<string> {
  const folder = path.join(site.desk, name.replace(/[^a-z0-9]+/g, "-"));
  await mkdir(folder);
  try {
    await run("npm", ["pack", name, "--silent", "--fetch-retries=0", "--fetch-timeout=20000"], {
      cwd: folder,
    });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(stderr)) throw error;
    context.skip(`the npm registry cannot be reached: ${stderr.trim().split("\n").at(-1)}`);
  }
  await run("sh", ["-c", "tar -xzf *.tgz && rm *.tgz"], { cwd: folder });
  return path.join(folder, "package");
}

it.concurrent("http-server 14 is delivered to staging and serves a file", async (context) => {
  const folder = await unpack(context, "http-server@14.1.1");
  const { code, events, stderr } = await site.deliver(folder, ["--env", "staging"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const answer = await ask(`${String(only(events, "DeploymentCompleted").data.url)}package.json`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ name: "http-server", version: "14.1.1" });
});

it.concurrent("serve 14 is delivered to staging with a start of one's own", async (context) => {
  const folder = await unpack(context, "serve@14.2.4");
  const { code, events, stderr } = await site.deliver(folder, [
    "--env",
    "staging",
    "--start",
    "node build/main.js",
  ]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const answer = await ask(`${String(only(events, "DeploymentCompleted").data.url)}package.json`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ name: "serve", version: "14.2.4" });
});
