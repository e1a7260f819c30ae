import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appOf } from "../../test/support/app.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { runPipeline } from "../operations/run-pipeline.ts";

let stage: TestSystem;
let folder: string;
beforeAll(async () => {
  stage = await createTestSystem();
  folder = await mkdtemp(join(tmpdir(), "connectsoft-run-"));
  await writeFile(
    join(folder, "package.json"),
    '{"name":"bakery","version":"1.2.0","scripts":{"test":"node --test"}}',
  );
  await writeFile(join(folder, "server.js"), "setInterval(() => {}, 1000);\n");
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

const passes = 'require("node:test").test("it rises", () => {});\n';
const fails = 'require("node:test").test("it browns", () => { throw new Error("too pale"); });\n';

test("a folder that is no repository is built and tested, and no delivery begins", async () => {
  await writeFile(join(folder, "a.test.js"), passes);
  const lines: string[] = [];
  const run = await start((line) => lines.push(line));
  expect(run).toMatchObject({
    moduleId: "bakery",
    version: "1.2.0",
    report: { status: "Success", tests: { total: 1, passed: 1 } },
  });
  expect(run.report.reports).toMatchObject([{ kind: "junit" }]);
  expect(lines.some((line) => line.includes("it rises"))).toBe(true);
  expect(await stage.system.store.list({ tenantId: "vetclinic-001" })).toEqual([]);
});

test("what changed is tested again, and a failure names its test", async () => {
  await writeFile(join(folder, "a.test.js"), fails);
  const { report } = await start();
  expect(report).toMatchObject({
    status: "Failed",
    tests: { total: 1, failed: 1, failures: [{ name: expect.stringContaining("it browns") }] },
  });
});

test("over HTTP the lines come as they are printed, and the report at the end", async () => {
  await writeFile(join(folder, "a.test.js"), passes);
  const events = await stream({ path: folder });
  expect(events.filter(({ event }) => event === "line").length).toBeGreaterThan(1);
  expect(events.at(-1)).toMatchObject({ event: "run", data: { report: { status: "Success" } } });
});

test("what cannot be run is a problem in the same stream", async () => {
  const events = await stream({ path: join(folder, "nothing-here") });
  expect(events).toMatchObject([{ event: "problem", data: { code: expect.any(String) } }]);
});

function start(progress: (line: string) => void = () => {}) {
  const watching = { signal: new AbortController().signal, progress };
  return runPipeline(stage.system, stage.as("jane"), { path: folder, stage: "test", watching });
}

async function stream(body: object): Promise<{ event: string; data: unknown }[]> {
  const token = await stage.system.accounts.issueToken({ tenantId: "vetclinic-001", person: "jane" }, "test");
  const app = appOf(stage.system);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "text/event-stream",
    "content-type": "application/json",
  };
  const response = await app.request("/api/v1/runs", { method: "POST", body: JSON.stringify(body), headers });
  const blocks = (await response.text()).split("\n\n").filter((block) => block.startsWith("event: "));
  return blocks.map((block) => ({
    event: /^event: (.*)$/m.exec(block)?.[1] ?? "",
    data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "{}"),
  }));
}
