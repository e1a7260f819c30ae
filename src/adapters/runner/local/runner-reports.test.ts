import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { samplePipelineModel } from "../../../../test/support/pipeline-model.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import type { RunRequest, StageReport } from "../../../ports/pipeline-runner.ts";
import { createArtifactStore } from "./create-artifact-store.ts";
import { createLocalRunner } from "./create-local-runner.ts";
import { detectNetwork } from "./network.ts";
import { detectProcessLimit } from "./process-limit.ts";
import { createTestSource, type TestSource } from "./test-source.ts";

let source: TestSource;
beforeAll(async () => {
  source = await createTestSource();
});
afterAll(() => source.stop());

describe("reports", () => {
  const writes = (text: string, path = "out/junit.xml") =>
    `{ const fs = require("node:fs"); fs.mkdirSync("out", { recursive: true }); fs.writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(text)}); }\n`;
  const reports = { junit: ["out/*.xml"], coverage: { format: "lcov" as const, path: "out/lcov.info" } };

  test("results and coverage are read from what the tests wrote, with the digest of each file", async () => {
    const junit = '<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>';
    const report = await tested(
      writes(junit) + writes("SF:a.js\nDA:1,1\nDA:2,0\nend_of_record\n", "out/lcov.info"),
      { reports },
    );
    expect(report).toMatchObject({
      status: "Success",
      tests: { total: 2, passed: 1, skipped: 1 },
      coverage: { format: "lcov", percent: 50 },
      reports: [
        { path: "out/junit.xml", kind: "junit", bytes: junit.length },
        { path: "out/lcov.info", kind: "lcov", digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      ],
    });
  });

  test("a report that names failures fails the stage, also where the command ended well", async () => {
    const junit =
      '<testsuite><testcase name="a"><failure message="token ghp_0123456789012345678901234567890123"/></testcase></testsuite>';
    const report = await tested(writes(junit), { reports });
    expect(report.status).toBe("Failed");
    expect(report.tests?.failures).toEqual([{ name: "a", message: "token ghp_***" }]);
    expect(report.notes?.join()).toContain("although the command ended with code 0");
  });

  test("a report that the module brought with it says nothing of this run", async () => {
    const old = '<testsuite><testcase name="from last year"/></testsuite>';
    const report = await tested("", { reports }, { "out/junit.xml": old });
    expect(report).toMatchObject({ status: "Success" });
    expect(report.tests).toBeUndefined();
  });

  test("a bomb, a link out of the tree and a giant are notes, and the run goes on", async () => {
    const script = `
      const fs = require("node:fs"); fs.mkdirSync("out");
      fs.writeFileSync("out/bomb.xml", '<!DOCTYPE a [<!ENTITY b "c">]><testsuite><testcase name="&b;"/></testsuite>');
      fs.symlinkSync("/etc/passwd", "out/link.xml");
      fs.writeFileSync("out/giant.xml", "<testsuite>"); fs.truncateSync("out/giant.xml", 2 ** 31);
      fs.writeFileSync("out/sound.xml", '<testsuite><testcase name="a"/></testsuite>');
    `;
    const report = await tested(script, { reports });
    expect(report).toMatchObject({ status: "Success", tests: { total: 1 } });
    const notes = report.notes?.join("\n");
    for (const words of [
      "bomb.xml cannot be read: it declares entities",
      "link.xml cannot be read: it is a link",
      "giant.xml cannot be read: it has 2147483648 bytes",
    ])
      expect(notes).toContain(words);
  });

  test("what the tests print is believed where there is no report", async () => {
    const report = await tested('console.log("==== 3 passed, 1 skipped in 0.12s ====")', { reports });
    expect(report.tests).toEqual({ total: 4, passed: 3, failed: 0, skipped: 1 });
  });
});

describe("bounds", () => {
  test("without a network a step still has loopback, and nothing else", async ({ skip }) => {
    const network = await detectNetwork();
    if (network.mode === "on") skip(`not on this host: ${network.why}`);
    const server = createServer((_request, response) => response.end("outside")).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const { port } = server.address() as AddressInfo;
    const script = `
      const http = require("node:http");
      const own = http.createServer((_, r) => r.end("inside")).listen(0, "127.0.0.1", () => {
        const get = (port) => new Promise((done) => http.get({ port, host: "127.0.0.1" }, (r) => r.on("data", (d) => done(String(d)))).on("error", (e) => done(e.code)));
        Promise.all([get(own.address().port), get(${port})]).then((all) => { console.log(all.join(" ")); process.exit(); });
      });`;
    const alone = await tested(script, {});
    expect(alone).toMatchObject({ status: "Success", network: "off" });
    expect(alone.steps[0]?.output).toBe("inside ECONNREFUSED");
    const asked = await tested(script, { network: true });
    expect(asked.network).toBe("on (asked for by test)");
    expect(asked.steps[0]?.output).toBe("inside outside");
    server.close();
  });

  test("a step that fails for want of a network is told how to get one", async ({ skip }) => {
    const network = await detectNetwork();
    if (network.mode === "on") skip(`not on this host: ${network.why}`);
    const report = await tested(
      'fetch("http://192.0.2.1/").catch((e) => { console.error(e.cause.code); process.exit(1); })',
      {},
    );
    expect(report.steps[0]?.output).toMatch(/ENETUNREACH[\s\S]*network: true/);
  });

  test("a fork bomb reaches its bound and leaves nothing", async ({ skip }) => {
    const { words } = await detectProcessLimit();
    if (words !== "at most 4096") skip(`not on this host: ${words}`);
    const bomb = `b() { b | b & }; b; i=0; while [ $i -lt 3 ]; do i=$((i+1)); sleep 1; done`;
    const report = await run({ command: ["/bin/sh", "-c", bomb], files: {}, timeoutSeconds: 20 });
    expect(report.processes).toBe(words);
    expect(await processesNamed(bomb)).toEqual([]);
  });

  test("half a gigabyte of output is bounded in memory, and its summary is still read", async () => {
    const script = `
      const block = Buffer.from(("x".repeat(99) + "\\n").repeat(10000));
      let left = 500; (function go() { while (left-- > 0) if (!process.stdout.write(block)) return process.stdout.once("drain", go); console.log("# tests 2\\n# pass 2"); })();`;
    let shown = 0;
    const progress = (line: string) => {
      shown += line.length;
    };
    const before = process.memoryUsage().rss;
    const report = await tested(script, {}, {}, { progress });
    expect(report).toMatchObject({ status: "Success", tests: { passed: 2 } });
    expect(report.steps[0]?.output.length).toBeLessThanOrEqual(64 * 1024);
    expect(shown).toBeLessThan(17 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test("a line without an end is cut, and does not fill memory", async () => {
    const script =
      'for (let i = 0; i < 200; i++) process.stdout.write("y".repeat(1024 * 1024)); console.log("\\nend");';
    const report = await tested(script, {});
    expect(report.steps[0]?.output).toMatch(/^y{4096}\nend$/);
  });

  test("secrets given to the run are masked, and so is what looks like a token", async () => {
    const script =
      'console.log("a", process.env.DB_PASSWORD, "b glpat-abcdefghijklmnopqrst c"); console.log("-----BEGIN PRIVATE KEY-----\\nMIIabc\\n-----END PRIVATE KEY-----\\nafter")';
    const lines: string[] = [];
    const report = await tested(
      script,
      {},
      {},
      { secrets: { DB_PASSWORD: "hunter-22" }, progress: (line) => lines.push(line) },
    );
    expect(report.steps[0]?.output).toBe("a *** b glpat-*** c\n***\n***\n***\nafter");
    expect(lines.join("\n")).not.toContain("hunter-22");
  });
});

describe("tools and folders", () => {
  test("another version of the language than was asked for is used and said", async () => {
    const report = await tested("", { runtime: { name: "node", version: "4" } });
    expect(report.toolchain?.[0]).toEqual({ name: "node", version: process.versions.node, wanted: "4" });
    expect(report.notes?.join()).toContain("wants node 4; this host has");
  });

  test.each(["go", "mvn", "dotnet", "poetry"])(
    "a host without %s says so and how to get it",
    async (program) => {
      const model = { environment: { PATH: "/nothing-here" } };
      await expect(run({ command: [program, "test"], files: {}, model })).rejects.toMatchObject({
        refusal: {
          code: "Unavailable",
          message: expect.stringContaining(`${program} is not on the PATH`),
          next: expect.stringContaining("Install"),
        },
      });
    },
  );

  test("a module of a monorepo is its folder, and nothing beside it", async () => {
    const files = {
      "services/a/test.js": 'console.log(require("node:fs").readdirSync(".").join())',
      "services/b/x.js": "",
      "root.js": "",
    };
    const report = await run({ command: ["node", "test.js"], files, model: { folder: "services/a" } });
    expect(report.steps[0]?.output).toBe("test.js");
  });

  test("downloads are kept for the next run of the module, and for no other module", async () => {
    const model = {
      packageManager: "go" as const,
      caches: [{ name: "modules", variable: "GOMODCACHE", folder: ".go" }],
    };
    const script = `const fs = require("node:fs"), file = process.env.GOMODCACHE + "/count"; const n = fs.existsSync(file) ? Number(fs.readFileSync(file)) + 1 : 1; fs.writeFileSync(file, String(n)); console.log(n);`;
    const count = async (moduleId: string) => (await tested(script, { ...model, moduleId })).steps[0]?.output;
    expect([await count("a"), await count("a"), await count("b"), await count("a")]).toEqual([
      "1",
      "2",
      "1",
      "3",
    ]);
  });

  test("two runs of a module at once never share what they download", async () => {
    const model = {
      packageManager: "go" as const,
      moduleId: "twins",
      caches: [{ name: "modules", variable: "GOMODCACHE", folder: ".go" }],
    };
    const reports = await Promise.all([1, 2].map(() => tested("console.log(process.env.GOMODCACHE)", model)));
    const places = reports.map((report) => report.steps[0]?.output);
    expect(new Set(places).size).toBe(2);
    expect(places.every((place) => place?.includes("/caches/modules"))).toBe(true);
  });

  test("a cache that grew too large is not kept", async () => {
    const model = {
      packageManager: "go" as const,
      moduleId: "glutton",
      caches: [{ name: "modules", variable: "GOMODCACHE", folder: ".go" }],
    };
    const limits = { one: 1000, all: 10_000 };
    await tested(
      'require("node:fs").writeFileSync(process.env.GOMODCACHE + "/big", Buffer.alloc(2000))',
      model,
      {},
      {},
      limits,
    );
    expect(await readdir(join(source.folder, "limited", "caches"))).toEqual([]);
  });

  test("the inventory of a built tree holds the files that say what was resolved", async () => {
    const lock = '{"name":"a","version":"1.0.0","lockfileVersion":3,"packages":{}}';
    const committed = await source.commit({
      "package.json": '{"name":"a","version":"1.0.0"}',
      "package-lock.json": lock,
      "x.js": "",
    });
    const { sampleHandOver } = await import("../../../../test/support/agent-context.ts");
    const report = await runner().run({
      ...requestFor(committed, samplePipelineModel({ stages: [] })),
      stage: "build",
      module: sampleHandOver().module,
    });
    expect(report.inventory).toEqual([{ path: "package-lock.json", text: lock }]);
  });
});

type Committed = Awaited<ReturnType<TestSource["commit"]>>;

function runner(limits?: { one: number; all: number }) {
  return createLocalRunner({
    root: join(source.folder, limits === undefined ? "runner" : "limited"),
    sourceControl: source.sourceControl,
    artifacts: createArtifactStore({ root: join(source.folder, "artifacts") }),
    ...(limits !== undefined && { cacheLimits: limits }),
  });
}

function requestFor(committed: Committed, model: PipelineModel): RunRequest {
  const { signal } = new AbortController();
  return { ...committed, model, stage: "test", invocationId: "invocation-1", signal, progress() {} };
}

/** Runs a script as the module's tests. */
function tested(
  script: string,
  { network, ...model }: Partial<PipelineModel> & { network?: boolean },
  files: Record<string, string> = {},
  more: Partial<RunRequest> = {},
  limits?: { one: number; all: number },
): Promise<StageReport> {
  return run({
    command: ["node", "script.js"],
    files: { ...files, "script.js": script },
    model,
    more,
    ...(network !== undefined && { network }),
    ...(limits !== undefined && { limits }),
  });
}

async function run(what: {
  command: [string, ...string[]];
  files: Record<string, string>;
  model?: Partial<PipelineModel>;
  network?: boolean;
  timeoutSeconds?: number;
  more?: Partial<RunRequest>;
  limits?: { one: number; all: number };
}): Promise<StageReport> {
  const { command, network, timeoutSeconds = 60 } = what;
  const committed = await source.commit({ "README.md": String(Math.random()), ...what.files });
  const step = { name: "test", run: command, timeoutSeconds, ...(network !== undefined && { network }) };
  const model = samplePipelineModel({ stages: [{ name: "test", steps: [step] }], ...what.model });
  return runner(what.limits).run({ ...requestFor(committed, model), ...what.more });
}

async function processesNamed(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")),
  );
  return lines.filter((line) => line.includes(text.slice(0, 12)));
}
