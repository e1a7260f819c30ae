/** The scripts that run before anything is installed, as processes of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const scripts = fileURLToPath(new URL("../../scripts/", import.meta.url));

describe("the bootstrap", () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(path.join(os.tmpdir(), "bootstrap-"));
  });

  afterEach(() => rm(cache, { recursive: true }));

  function start(source: string) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
      cwd: cache,
      env: { ...process.env, XDG_CACHE_HOME: cache },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { text: "" };
    child.stdout.on("data", (chunk) => {
      output.text += chunk;
    });
    return { child, output, ended: once(child, "close") };
  }

  test("refuses an unknown command and names the known ones", async () => {
    const child = spawn(process.execPath, [path.join(scripts, "run.mjs"), "nonsense"]);
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    expect(await once(child, "close")).toEqual([1, null]);
    expect(errors).toContain("nonsense: expected connectsoft|studio|test|test:real|bench|check");
  });

  test("hands on the exit code of what it runs", async () => {
    const { ended } = start(`
      import { runToEnd } from "${scripts}bootstrap/run-to-end.mjs";
      process.exitCode = await runToEnd(process.execPath, ["-e", "process.exit(7)"]);`);
    expect(await ended).toEqual([7, null]);
  });

  test("hands a signal on, and waits for what it runs to end in its own way", async () => {
    const inner =
      "process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up')";
    const { child, ended } = start(`
      import { runToEnd } from "${scripts}bootstrap/run-to-end.mjs";
      process.exitCode = await runToEnd(process.execPath, ["-e", ${JSON.stringify(inner)}]);`);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await ended).toEqual([9, null]);
  });

  test("lets one process at a time install", async () => {
    const file = path.join(cache, "inside");
    const source = `
      import { rmSync, writeFileSync } from "node:fs";
      import { withLock } from "${scripts}bootstrap/with-lock.mjs";
      await withLock({ name: "try", subject: "here", does: "tries" }, async () => {
        writeFileSync(${JSON.stringify(file)}, "", { flag: "wx" });
        await new Promise((resolve) => setImmediate(resolve));
        rmSync(${JSON.stringify(file)});
      });`;
    const ends = await Promise.all([1, 2, 3].map(() => start(source).ended));
    expect(ends).toEqual([1, 2, 3].map(() => [0, null]));
  });

  test("takes over the lock of a process that has died", async () => {
    const dead = start(inLock("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});"));
    expect(await dead.ended).toEqual([null, "SIGKILL"]);
    expect(await readFile(await lockFile(), "utf8")).toBe(String(dead.child.pid));
    expect(await start(inLock("")).ended).toEqual([0, null]);
    await expect(lockFile()).rejects.toThrow("no lock");
  });

  test("says what it waits for, once", async () => {
    const first = start(inLock("console.log('in'); await new Promise(() => setInterval(() => {}, 1000));"));
    await once(first.child.stdout, "data");
    const second = start(inLock(""));
    let said = "";
    second.child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    await once(second.child.stderr, "data");
    first.child.kill("SIGKILL");
    expect(await second.ended).toEqual([0, null]);
    expect(said).toBe("Another process tries; waiting for it ...\n");
  });

  test("takes over a lock that nobody has kept fresh, whoever has its pid now", async () => {
    await start(inLock("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});")).ended;
    const lock = await lockFile();
    await writeFile(lock, String(process.pid));
    await utimes(lock, 0, 0);
    expect(await start(inLock("")).ended).toEqual([0, null]);
  });

  function inLock(task: string): string {
    return `
      import { withLock } from "${scripts}bootstrap/with-lock.mjs";
      await withLock({ name: "try", subject: "here", does: "tries" }, async () => { ${task} });`;
  }

  async function lockFile(): Promise<string> {
    const directory = path.join(cache, "connectsoft-delivery");
    const name = (await readdir(directory)).find((entry) => entry.endsWith(".lock"));
    if (name === undefined) throw new Error("no lock");
    return path.join(directory, name);
  }
});

describe("the summary of .ci/run", () => {
  const summary = fileURLToPath(new URL("../../.ci/summary.mjs", import.meta.url));
  let report: string;

  beforeEach(async () => {
    report = path.join(await mkdtemp(path.join(os.tmpdir(), "summary-")), "report.json");
  });

  afterEach(() => rm(path.dirname(report), { recursive: true }));

  async function summarise(result: object | undefined, [run, checks]: [string, string], more: string[] = []) {
    if (result !== undefined) await writeFile(report, JSON.stringify(result));
    const child = spawn(process.execPath, [summary, checks, report, run, ...more]);
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    const [code] = await once(child, "close");
    return { code, last: text.trim().split("\n").at(-1) };
  }

  const passed = {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [],
  };

  test("passes where everything passed", async () => {
    expect(await summarise(passed, ["0", "0"])).toEqual({ code: 0, last: "5 passed, 0 failed, 1 skipped" });
  });

  test("adds up all runs, and one that left no report has failed", async () => {
    const twice = await summarise(passed, ["0", "0"], [report, "0"]);
    expect(twice).toEqual({ code: 0, last: "10 passed, 0 failed, 2 skipped" });
    const absent = await summarise(passed, ["0", "0"], [`${report}.absent`, "1"]);
    expect(absent).toEqual({ code: 1, last: "5 passed, 1 failed, 1 skipped" });
  });

  test("fails where a check failed, a file broke, or the run left no report", async () => {
    expect(await summarise(undefined, ["1", "0"])).toEqual({
      code: 1,
      last: "0 passed, 1 failed, 0 skipped",
    });
    expect(await summarise(passed, ["0", "1"])).toEqual({ code: 1, last: "5 passed, 1 failed, 1 skipped" });
    const broken = { ...passed, testResults: [{ status: "failed", assertionResults: [] }] };
    expect(await summarise(broken, ["1", "0"])).toEqual({ code: 1, last: "5 passed, 1 failed, 1 skipped" });
  });
});
