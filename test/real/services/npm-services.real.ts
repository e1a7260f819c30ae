/** Real services of strangers: delivered, upgraded to their next published version, broken, and rolled back. */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { named, only } from "../../e2e/support/events.ts";
import { ask, watchAnswers } from "../../e2e/support/http.ts";
import { createInstallation, type Installation } from "../../e2e/support/installation.ts";
import { writeFiles } from "../../e2e/support/modules.ts";
import { type PublishedService, services } from "./services.ts";

const run = promisify(execFile);
let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

/** The package as npm publishes it, with what the person who adopts it adds; skips where there is no registry. */
async function adopt(context: TestContext, service: PublishedService, version: string): Promise<string> {
  const folder = path.join(site.desk, folderOf(service, version));
  await mkdir(folder);
  const pack = ["pack", `${service.name}@${version}`, "--silent", "--fetch-retries=0"];
  try {
    await run("npm", pack, { cwd: folder });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(stderr)) throw error;
    context.skip(`the npm registry cannot be reached: ${stderr.trim().split("\n").at(-1)}`);
  }
  await run("sh", ["-c", "tar -xzf *.tgz && rm *.tgz"], { cwd: folder });
  const module = path.join(folder, "package");
  // Whoever runs a published package has no use for the tools with which it was made.
  await editManifest(module, ({ devDependencies: _tools, ...manifest }) => manifest);
  await writeFiles(module, { "module.yaml": `id: ${idOf(service)}\n${service.module}`, ...service.files });
  return module;
}

const idOf = ({ name }: PublishedService) => name.split("/").at(-1);
const folderOf = (service: PublishedService, version: string) => `${idOf(service)}-${version}`;

async function breakIt(module: string, service: PublishedService): Promise<void> {
  const file = path.join(module, service.breaks.file);
  const text = await readFile(file, "utf8");
  const [, shebang = "", rest = ""] = /^(#!.*\n)?([\s\S]*)$/.exec(text) ?? [];
  await writeFile(file, shebang + service.breaks.before + rest);
  await editManifest(module, (manifest) => ({ ...manifest, version: "99.0.0" }));
}

async function editManifest(
  module: string,
  edit: (manifest: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const file = path.join(module, "package.json");
  await writeFile(file, JSON.stringify(edit(JSON.parse(await readFile(file, "utf8"))), null, 2));
}

it.concurrent.each(services)(
  "$name is delivered, upgraded, broken and rolled back, and answers all the while",
  async (service, ...rest) => {
    const context = rest[0] as unknown as TestContext;
    const [before, after] = service.versions;
    const first = await site.deliver(await adopt(context, service, before), ["--env", "staging"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const url = String(only(first.events, "DeploymentCompleted").data.url);
    const asked = new URL(service.asks.path, url).href;
    expect(await ask(asked)).toMatchObject({
      status: 200,
      body: expect.stringContaining(service.asks.holds),
    });

    const watch = watchAnswers(asked);
    const second = await site.deliver(await adopt(context, service, after), ["--env", "staging"]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(only(second.events, "DeploymentCompleted").data.version).toBe(after);

    const third = path.join(site.desk, folderOf(service, "broken"));
    await run("cp", ["-r", path.join(site.desk, folderOf(service, after), "package"), third]);
    await breakIt(third, service);
    const failed = await site.deliver(third, ["--env", "staging"]);
    expect(failed.code).toBe(4);
    expect(named(failed.events, "RollbackCompleted")[0]?.data).toMatchObject({ restored: after });
    expect(await site.ok(["explain", failed.trace])).toMatch(service.breaks.says);

    const release = String(only(second.events, "ReleaseProposed").data.releaseId);
    await site.studio([
      "request-rollback",
      release,
      "--code",
      "other",
      "--reason",
      "the older one was better",
    ]);
    await site.until(second.trace, ({ explanation }) => explanation.kind === "stopped");
    expect(await ask(asked)).toMatchObject({
      status: 200,
      body: expect.stringContaining(service.asks.holds),
    });
    const { failures, answers } = await watch.end();
    expect(failures).toEqual([]);
    expect(answers).toBeGreaterThan(20);
  },
);
