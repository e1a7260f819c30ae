/** What is wrong, missing, in the way or gone: a clear word, the documented exit code, and nothing half done. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { named, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";
import { allEnded, processesOf } from "./support/processes.ts";
import { environmentFor, type Ran, root, runProgram } from "./support/run-program.ts";

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
  await site.ok(["status"]);
});
afterAll(() => site.close());

/** Code, what was wrong, and what to do, on standard error; nothing on standard output. */
function expectRefusal(ran: Ran, expected: { exit: number; code: string; says: RegExp }): void {
  expect(ran.stderr).toMatch(new RegExp(`^error ${expected.code}: (.|\\n)+\\nnext: .+\\n$`));
  expect(ran.stderr).toMatch(expected.says);
  expect(ran.stdout).toBe("");
  expect(ran.code).toBe(expected.exit);
}

async function folderWith(name: string, files: Record<string, string>): Promise<string> {
  const folder = path.join(site.desk, name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
  return folder;
}

const manifest = '{ "name": "sound", "version": "1.0.0", "scripts": { "start": "node server.js" } }';
const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
  .concat(
    [..."bcdefghi"].map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]}, `.repeat(9)}x]`),
  )
  .join("\n");

const modules = [
  {
    what: "a module without a way to start",
    files: { "package.json": '{ "name": "idle" }' },
    says: /no way to start/,
  },
  {
    what: "what no language is read from",
    files: { "notes.txt": "to be written" },
    says: /go\.mod.*package\.json.*runtime:/s,
  },
  { what: "package.json that is no JSON", files: { "package.json": "{" }, says: /package\.json/ },
  {
    what: "module.yaml with a key twice",
    files: { "package.json": manifest, "module.yaml": "id: a\nid: b\n" },
    says: /module\.yaml:2:1: .*a key stands twice/,
  },
  {
    what: "module.yaml with an alias bomb",
    files: { "package.json": manifest, "module.yaml": bomb },
    says: /alias/i,
  },
  {
    what: "module.yaml with an unknown key",
    files: { "package.json": manifest, "module.yaml": "strat: x\n" },
    says: /strat.*start/s,
  },
  {
    what: "an id that leads out",
    files: { "package.json": manifest, "module.yaml": "id: ../../etc\n" },
    says: /module\.yaml:1:5: id: expected/,
  },
];

describe("a hand-over that cannot be", () => {
  it.each(modules)("$what is refused", async ({ what, files, says }) => {
    const folder = await folderWith(what.replaceAll(/\W+/g, "-"), files as unknown as Record<string, string>);
    expectRefusal(await site.connectsoft(["deliver", folder, "--json"]), {
      exit: 2,
      code: "ModuleInvalid",
      says,
    });
  });

  it("a folder that is absent, empty or a file is refused", async () => {
    const deliver = (folder: string) => site.connectsoft(["deliver", folder, "--json"]);
    const refused = { exit: 2, code: "ModuleInvalid" };
    expectRefusal(await deliver(path.join(site.desk, "nowhere")), {
      ...refused,
      says: /nowhere.*does not exist/,
    });
    expectRefusal(await deliver(await folderWith("empty", {})), { ...refused, says: /is empty/ });
    const file = path.join(await folderWith("file", { "server.js": "" }), "server.js");
    expectRefusal(await deliver(file), { ...refused, says: /not a folder/ });
  });

  it("a name that is no name is refused, whatever is in it", async () => {
    const folder = await folderWith("sound", { "package.json": manifest, "server.js": "" });
    for (const name of [
      "a/b",
      "../up",
      'quo"te',
      "it's",
      "Upper",
      "-dash",
      "a b",
      "ü",
      "$(id)",
      "x".repeat(64),
    ])
      expectRefusal(await site.connectsoft(["deliver", folder, "--json", `--module=${name}`]), {
        exit: 2,
        code: "(InputInvalid|ModuleInvalid)",
        says: /moduleId/,
      });
    const unknown = { exit: 2, code: "InputInvalid" };
    const env = await site.connectsoft(["deliver", folder, "--json", "--env", "moon"]);
    expectRefusal(env, { ...unknown, says: /moon is not declared.*staging, production/ });
    const trace = await site.connectsoft(["deliver", folder, "--json", "--trace", "../../x"]);
    expectRefusal(trace, { ...unknown, says: /traceId/ });
    const flag = await site.connectsoft(["deliver", folder, "--enviroment", "staging"]);
    expect(flag).toMatchObject({ code: 2, stdout: "" });
    expect(flag.stderr).toMatch(/--enviroment(.|\n)*next: .*connectsoft deliver --help/);
  });

  it("has left nothing behind", async () => {
    expect(JSON.parse(await site.ok(["status", "--json"]))).toEqual([]);
    const repositories = path.join(site.home, "repositories");
    const left = existsSync(repositories)
      ? readdirSync(repositories, { recursive: true, encoding: "utf8" })
      : [];
    expect(left.filter((name) => !/^\.scratch$/.test(name))).toEqual([]);
  });
});

it("a wrong flow file is refused with line, column and suggestion, and needs no server", async () => {
  const folder = await folderWith("flows", {
    "wrong.yaml": "flow: wrong\nstates:\n  begin:\n    invoke: { agent: code-comitter }\n",
    "astray.yaml": "flow: astray\nstates:\n  begin: { on: { ModuleReady: ennd } }\n  end: { type: final }\n",
    "right.yaml": "flow: right\nstates:\n  begin: { on: { ModuleReady: end } }\n  end: { type: final }\n",
  });
  const home = path.join(site.desk, "no-server-here");
  const validate = (file: string) =>
    site.connectsoft(["flow", "validate", path.join(folder, file)], { env: { CONNECTSOFT_HOME: home } });
  const wrong = await validate("wrong.yaml");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^error FlowInvalid/);
  expect(wrong.stderr).toMatch(/wrong\.yaml:4:\d+ .*code-comitter.*did you mean .*code-committer/);
  const astray = await validate("astray.yaml");
  expect(astray.code).toBe(2);
  expect(astray.stderr).toMatch(/astray\.yaml:3:\d+ .*"ennd".*did you mean .*end/);
  expect((await validate("right.yaml")).code).toBe(0);
  const absent = await validate("absent.yaml");
  expect(absent.code).toBe(2);
  expect(absent.stderr).toMatch(/absent\.yaml.*\nnext: /);
  expect(existsSync(home)).toBe(false);
});

it("a second server on one data directory is refused; the first one goes on", async () => {
  const { pid } = site.server();
  const second = await site.connectsoft(["serve", "--data", site.home]);
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(
    new RegExp(`^error Conflict: A server with pid ${pid} runs on .*\\nnext: .*connectsoft stop`),
  );
  expect(site.server().pid).toBe(pid);
  await site.ok(["status"]);
});

describe("what a delivery outlives", () => {
  it("SIGINT to who follows: exit code 130, and the delivery goes on", async () => {
    const folder = await writeModule(site.desk, { id: "interrupted" });
    const ran = await site.connectsoft(["deliver", folder, "--env", "staging"], {
      onStart(child) {
        child.stdout?.on("data", (text: string) => {
          if (text.includes("CommitModule")) child.kill("SIGINT");
        });
      },
    });
    expect(ran.code).toBe(130);
    expect(ran.stdout).toContain("the delivery goes on");
    const trace = /next: connectsoft deliver --follow (\S+),/.exec(ran.stdout)?.[1] ?? "";
    const { code, events } = await site.follow(trace);
    expect(code).toBe(0);
    expect((await ask(String(only(events, "DeploymentCompleted").data.url))).status).toBe(200);
  });

  it.each([6, 30, 58])("a database that is killed at event %i", async (moment) => {
    const postmaster = () =>
      readFileSync(path.join(site.home, "postgres/postmaster.pid"), "utf8").split("\n")[0];
    const folder = await writeModule(site.desk, { id: `unplugged-${moment}` });
    let killed: string | undefined;
    const { code, events, stderr, trace } = await site.deliver(folder, ["--env", "staging"], {
      onLine(line) {
        if (killed !== undefined || JSON.parse(line).sequence < moment) return;
        killed = postmaster();
        process.kill(Number(killed), "SIGKILL");
      },
    });
    expect(code, stderr).toBe(0);
    expect(postmaster()).not.toBe(killed);
    expect(named(events, "DeploymentCompleted")).toHaveLength(1);
    expect(JSON.parse(await site.ok(["replay", trace, "--json"]))).toMatchObject({
      chain: { intact: true },
      same: true,
    });
    expect(readFileSync(path.join(site.home, "logs/server.log"), "utf8")).toContain(
      "the embedded database ended; starting it again",
    );
  });
});

describe("a place that cannot be written", () => {
  it("read-only for this account", async (context) => {
    if (process.getuid?.() !== 0) context.skip("only root can become another account");
    const uid = Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" }));
    const gid = Number(execFileSync("id", ["-g", "nobody"], { encoding: "utf8" }));
    const program = path.join(root, "bin/connectsoft.mjs");
    const readable = spawnSync("test", ["-r", program], { uid, gid }).status === 0;
    if (!readable) context.skip("no other account can read this clone");
    // Ours may lie in a home that only root can enter.
    const node = path.join(site.desk, "node");
    await copyFile(process.execPath, node);
    await chmod(node, 0o755);
    const cache = path.join(site.desk, "cache");
    await mkdir(cache);
    await chmod(cache, 0o777);
    const home = path.join(site.desk, "not-yours");
    await mkdir(home, { mode: 0o755 });
    const env = environmentFor(home, { HOME: cache, XDG_CACHE_HOME: cache });
    const ran = await runProgram("connectsoft", ["status"], { env, as: { uid, gid, node }, cwd: site.desk });
    expectRefusal(ran, { exit: 5, code: "Unavailable", says: /not-yours cannot be written: .*EACCES/ });
    expect(readdirSync(home)).toEqual([]);
  });

  it("a disk that is too small, and one that fills up", async (context) => {
    const disk = await mkdtemp(path.join(os.tmpdir(), "connectsoft-disk-"));
    const mount = (size: string) =>
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", disk], { stdio: "pipe" });
    try {
      mount("4m");
    } catch (error) {
      await rm(disk, { recursive: true });
      context.skip(`this account may not mount: ${String(error).split("\n")[0]}`);
    }
    try {
      const env = environmentFor(path.join(disk, "home"));
      const ran = await runProgram("connectsoft", ["deliver", path.join(root, "examples/booking-service")], {
        env,
      });
      expectRefusal(ran, { exit: 5, code: "Unavailable", says: /No space left|disk is full|ENOSPC/i });
      await allEnded(disk);
    } finally {
      await unmount(disk);
    }
    mount("300m");
    let full: Installation | undefined;
    try {
      full = await createInstallation({ within: disk });
      await full.ok(["status"]);
      const folder = await writeModule(site.desk, { id: "squeezed" });
      fill(path.join(disk, "ballast"));
      const squeezed = await full.connectsoft([
        "deliver",
        folder,
        "--json",
        "--env",
        "staging",
        "--trace",
        "squeezed",
      ]);
      expect([2, 4, 5], squeezed.stderr + squeezed.stdout).toContain(squeezed.code);
      expect(squeezed.stderr + squeezed.stdout).toMatch(/No space left|disk is full|ENOSPC|room/i);
      await rm(path.join(disk, "ballast"));
      const relieved = await full.deliver(folder, ["--env", "staging", "--trace", "relieved"]);
      expect(relieved.code, relieved.stderr).toBe(0);
    } finally {
      await full?.close();
      await unmount(disk);
      await rm(disk, { recursive: true });
    }
  });
});

/** A process that has ended may hold it for a moment longer. */
async function unmount(disk: string): Promise<void> {
  await expect.poll(() => spawnSync("umount", [disk], { encoding: "utf8" }).stderr).toBe("");
}

/** Takes every byte that is left. */
function fill(file: string): void {
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${file}`, "bs=64k"], { stdio: "pipe" });
  } catch {
    // It ends when the disk is full.
  }
}

it("leaves no process but its own server, database and services", () => {
  const strangers = processesOf(site.home).filter(
    ({ command }) => !/ serve | -D |^postgres: |supervisor\/main|router\/main|server\.js/.test(`${command} `),
  );
  expect(strangers).toEqual([]);
});
