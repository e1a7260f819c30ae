import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { samplePipelineModel } from "../../../../test/support/pipeline-model.ts";
import { type ModuleSpec, moduleSpecSchema } from "../../module/module-spec.ts";
import { isGenerated } from "../generated-mark.ts";
import { smokeHarness, smokeTestCommand } from "./smoke-harness.ts";

describe("the smoke test of a Node service", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  const answering = (status: number) =>
    `require("node:http").createServer((_, answer) => answer.writeHead(${status}).end()).listen(process.env.PORT, process.env.HOST);`;

  test("passes when the service is ready, and leaves nothing running", async () => {
    const { code, output } = await smoke(answering(204), {});
    expect(output).toContain("# pass 1");
    expect(code).toBe(0);
  });

  test("passes for a service that only opens its port", async () => {
    const server = `require("node:net").createServer().listen(process.env.PORT, "127.0.0.1");`;
    const { code } = await smoke(server, { probes: probesOf({ tcpSocket: {} }) });
    expect(code).toBe(0);
  });

  test("fails with what the service printed when it ends", async () => {
    const { code, output } = await smoke('console.error("no database"); process.exit(3);', {});
    expect(code).toBe(1);
    expect(output).toContain("it ended with 3");
    expect(output).toContain("no database");
  });

  test("fails when the start command is not there", async () => {
    const { code, output } = await smoke("", { start: ["no-such-program"] });
    expect(code).toBe(1);
    expect(output).toContain("ENOENT");
  });

  test("is skipped, and says why, where a variable is not set", async () => {
    const needs = { config: ["NO_SUCH_VARIABLE"], secrets: [] };
    const { code, output } = await smoke(answering(200), { needs });
    expect(code).toBe(0);
    expect(output).toContain("not set: NO_SUCH_VARIABLE");
  });

  async function smoke(server: string, otherwise: Partial<ModuleSpec>) {
    const folder = await mkdtemp(path.join(tmpdir(), "smoke-"));
    folders.push(folder);
    const files = smokeHarness({ model: samplePipelineModel(), module: module(otherwise) })?.files ?? [];
    for (const file of [...files, { path: "server.cjs", content: server }]) {
      await mkdir(path.dirname(path.join(folder, file.path)), { recursive: true });
      await writeFile(path.join(folder, file.path), file.content);
    }
    const words = ["--test", "--test-reporter=tap", "test/smoke.test.mjs"];
    return new Promise<{ code: number; output: string }>((resolve) => {
      // A test runner inside a test runner believes that it reports to the outer one.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      execFile(process.execPath, words, { cwd: folder, env }, (error, stdout) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout }),
      );
    });
  }
});

describe("smokeHarness", () => {
  const model = samplePipelineModel();

  test("is not there for a module with tests of its own", () => {
    expect(smokeHarness({ model, module: module({ test: ["npm", "test"] }) })).toBeUndefined();
  });

  test("stays when its own command was found as the module's tests", () => {
    const test = smokeTestCommand(module({}));
    expect(test).toEqual(["node", "--test", "test/smoke.test.mjs"]);
    expect(smokeHarness({ model, module: module(test === undefined ? {} : { test }) })?.files).toHaveLength(
      1,
    );
  });

  test.each(["node", "python", "go", "java", "dotnet"] as const)(
    "of %s carries the mark in every file",
    (runtime) => {
      const set = smokeHarness({
        model: samplePipelineModel({ folder: "services/a" }),
        module: module({ runtime }),
      });
      expect(set?.files.length).toBeGreaterThan(0);
      for (const { content, path } of set?.files ?? []) {
        expect(isGenerated(content)).toBe(true);
        expect(path).toMatch(/^services\/a\/tests?\//);
      }
    },
  );

  test("knows nothing of an image alone", () => {
    expect(smokeHarness({ model, module: module({ runtime: "container" }) })).toBeUndefined();
  });

  test("stands in for missing tests only where the service starts without anything", () => {
    expect(smokeTestCommand(module({ runtime: "go" }))).toBeUndefined();
    expect(smokeTestCommand(module({ pipeline: "own" }))).toBeUndefined();
    expect(smokeTestCommand(module({ needs: { config: [], secrets: ["TOKEN"] } }))).toBeUndefined();
    expect(smokeTestCommand(module({ test: ["make", "check"] }))).toBeUndefined();
  });
});

function probesOf(probe: object): ModuleSpec["probes"] {
  return { startup: probe, readiness: probe, liveness: probe } as ModuleSpec["probes"];
}

function module(otherwise: Partial<ModuleSpec>): ModuleSpec {
  return moduleSpecSchema.parse({
    id: "booking-service",
    version: "1.0.0",
    runtime: "node",
    packageManager: "none",
    locked: true,
    start: ["node", "server.cjs"],
    probes: probesOf({ httpGet: { path: "/health" } }),
    needs: { config: [], secrets: [] },
    ...otherwise,
  });
}
