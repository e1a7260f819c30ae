import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { echoServer, hostOf, quickProbes, releaseSpec } from "../../../ports/target.conformance.ts";
import type { ReleaseSpec, RunningRelease } from "../../../ports/target.ts";
import { layoutOf } from "./layout.ts";
import { type LocalTargetFixture, localTargetFixture } from "./local-target-fixture.ts";
import { identify } from "./runtimes/process/process-identity.ts";
import { stopSupervisor, supervisorStatus } from "./stop-supervisor.ts";
import { killSupervisor, processesOf, serveWith, specOf, watch } from "./supervisor-rig.ts";

let fixture: LocalTargetFixture;
beforeEach(async () => {
  fixture = await localTargetFixture();
});
afterEach(() => fixture.dispose());

async function start(more: Partial<ReleaseSpec>, server?: string): Promise<RunningRelease> {
  return await fixture.target.start(await specOf(fixture, more, server), watch);
}
const serve = (more: Partial<ReleaseSpec>) => serveWith(fixture, more);
const kill = () => killSupervisor(fixture);

test("services live on when their supervisor is killed; the next one adopts them and answers on the same port", async () => {
  const before = await serve({ environment: { GREETING: "still here" } });
  const port = await fixture.routerPort();
  await fixture.targets.close();
  const killed = await kill();
  expect(identify(before.pid ?? 0)).toBeDefined();

  const [adopted] = await fixture.another().process.list({ namespace: "acme-staging", moduleId: "echo" });
  expect(adopted).toMatchObject({ state: "serving", pid: before.pid, restartCount: 0 });
  expect(await fixture.routerPort()).toBe(port);
  expect(await fixture.request(hostOf("echo"), "/")).toEqual({ status: 200, body: "still here" });
  expect((await supervisorStatus(fixture.directory))?.pid).not.toBe(killed);
});

test("a living control plane brings a killed supervisor back by itself", async () => {
  await serve({ environment: { GREETING: "by itself" } });
  const killed = await kill();
  await expect.poll(async () => (await supervisorStatus(fixture.directory))?.pid).toBeGreaterThan(0);
  expect((await supervisorStatus(fixture.directory))?.pid).not.toBe(killed);
  expect((await fixture.request(hostOf("echo"), "/")).body).toBe("by itself");
});

test("an adopted service is watched: its end is seen and it is started again", async () => {
  const before = await serve({});
  await kill();
  await fixture.target.list({ namespace: "acme-staging", moduleId: "echo" });
  process.kill(before.pid ?? 0, "SIGKILL");
  await expect
    .poll(async () => (await fixture.target.list({ namespace: "acme-staging", moduleId: "echo" }))[0])
    .toMatchObject({ state: "serving", restartCount: 1 });
});

test("a service that died together with its supervisor is started again", async () => {
  const before = await serve({ environment: { GREETING: "again" } });
  await fixture.targets.close();
  await kill();
  process.kill(before.pid ?? 0, "SIGKILL");
  const target = fixture.another().process;
  await expect
    .poll(async () => (await target.list({ namespace: "acme-staging", moduleId: "echo" }))[0]?.state)
    .toBe("serving");
  expect((await fixture.request(hostOf("echo"), "/")).body).toBe("again");
});

test("a start goes on when the supervisor is killed in the middle of it, with one process at the end", async () => {
  const starting = start({ moduleId: "late" }, lateServer);
  await expect.poll(async () => (await supervisorStatus(fixture.directory))?.services[0]?.pid).toBeDefined();
  await kill();
  const release = await starting;
  expect(release.state).toBe("ready");
  expect(release.startupTimeMs).toBeGreaterThan(900);
  expect(await processesOf(fixture.directory)).toEqual([release.pid]);
});

test("a second supervisor on the same directory gives way", async () => {
  await serve({});
  const first = await supervisorStatus(fixture.directory);
  const entry = fileURLToPath(new URL("./supervisor/main.ts", import.meta.url));
  const second = spawn(process.execPath, [entry, fixture.directory], { stdio: "ignore" });
  expect(await once(second, "exit")).toEqual([0, null]);
  expect((await supervisorStatus(fixture.directory))?.pid).toBe(first?.pid);
});

test("a supervisor that comes too late, when its directory is gone, ends and leaves nothing", async () => {
  const gone = `${fixture.directory}-gone`;
  const entry = fileURLToPath(new URL("./supervisor/main.ts", import.meta.url));
  const late = spawn(process.execPath, [entry, gone], { stdio: "ignore" });
  expect(await once(late, "exit")).toEqual([0, null]);
  expect(existsSync(gone)).toBe(false);
});

test("a supervisor whose directory is removed ends with its services, and leaves nothing", async () => {
  const { pid = 0 } = await serve({});
  rmSync(fixture.directory, { recursive: true });
  await expect.poll(() => identify(pid)).toBeUndefined();
  await expect.poll(() => existsSync(fixture.directory)).toBe(false);
  expect(await processesOf(fixture.directory)).toEqual([]);
});

test("two control planes that start at once share one supervisor", async () => {
  const other = fixture.another().process;
  const artifact = await fixture.artifact({ "server.js": echoServer });
  const [one, two] = await Promise.all([
    fixture.target.start(releaseSpec({ artifact, moduleId: "left" }), watch),
    other.start(releaseSpec({ artifact, moduleId: "right" }), watch),
  ]);
  expect([one.state, two.state]).toEqual(["ready", "ready"]);
  expect((await supervisorStatus(fixture.directory))?.services).toHaveLength(2);
});

test("stopping ends every service and the supervisor, and the next start brings back what served", async () => {
  const release = await serve({ version: "1.2.3", environment: { GREETING: "resumed" } });
  expect(await stopSupervisor(fixture.directory)).toEqual({
    stopped: ["echo 1.2.3 in acme-staging (release-000001)"],
  });
  expect(identify(release.pid ?? 0)).toBeUndefined();
  expect(await supervisorStatus(fixture.directory)).toBeUndefined();
  expect(await stopSupervisor(fixture.directory)).toEqual({ stopped: [] });
  const target = fixture.another().process;
  await expect
    .poll(async () => (await target.list({ namespace: "acme-staging", moduleId: "echo" }))[0]?.state)
    .toBe("serving");
  expect((await fixture.request(hostOf("echo"), "/")).body).toBe("resumed");
});

test("stopping also ends services whose supervisor was killed", async () => {
  const release = await serve({});
  await fixture.targets.close();
  await kill();
  expect((await stopSupervisor(fixture.directory)).stopped).toHaveLength(1);
  expect(identify(release.pid ?? 0)).toBeUndefined();
});

test("children of a service end with it, also when it ignores the polite request", async () => {
  await serve({ moduleId: "kept", releaseId: "release-000001" });
  const release = await start({ moduleId: "stubborn" }, stubbornServer);
  const child = Number(
    (await fixture.target.list({ namespace: "acme-staging", moduleId: "stubborn" }))[0]?.logTail?.trim(),
  );
  expect(identify(child)).toBeDefined();
  process.kill(release.pid ?? 0, "SIGKILL");
  await expect.poll(() => identify(child)).toBeUndefined();
});

test("a service that ignores its port is told which one it was given and where it listens", async () => {
  const failed = await start({ probes: quickProbes("/"), startupTimeoutMs: 1_200 }, deafToPortServer);
  expect(failed.state).toBe("failed");
  const elsewhere = failed.logTail?.trim();
  expect(failed.reason).toMatch(/^it did not listen on port \d+ \(PORT\) within 1\.2 s; it listens on \d+$/);
  expect(failed.reason?.endsWith(` ${elsewhere}`)).toBe(true);
});

test("a command that does not exist is named", async () => {
  const failed = await start({ start: ["no-such-program"] });
  expect(failed.reason).toContain("no-such-program was not found");
});

test("a release that crashes again and again is reported as crashed", async () => {
  await serve({ moduleId: "loop" });
  for (let crash = 0; crash < 3; crash += 1) {
    await expect.poll(() => fixture.request(hostOf("loop"), "/").then(({ status }) => status)).toBe(200);
    await fixture.request(hostOf("loop"), "/crash").catch(() => undefined);
    await expect
      .poll(
        async () =>
          (await fixture.target.list({ namespace: "acme-staging", moduleId: "loop" }))[0]?.restartCount,
      )
      .toBe(crash + 1);
  }
  const [release] = await fixture.target.list({ namespace: "acme-staging", moduleId: "loop" });
  expect(release?.state).toBe("crashed");
});

test("secrets are on no command line and in no file that others can read", async () => {
  const release = await serve({ environment: { API_KEY: "s3cret-value-4711" } });
  expect(await readFile(`/proc/${release.pid}/cmdline`, "utf8")).not.toContain("s3cret");
  for (const name of await readdir(fixture.directory, { recursive: true })) {
    const path = join(fixture.directory, name);
    const entry = await stat(path);
    // Compiled code of ours, in closed folders.
    if (/(^|\/)code(\/|$)/.test(name)) continue;
    expect(entry.mode & 0o077, name).toBe(0);
    const holdsSecret = entry.isFile() && (await readFile(path, "utf8")).includes("s3cret-value-4711");
    expect(holdsSecret, name).toBe(false);
  }
  await fixture.target.retire({ namespace: "acme-staging", moduleId: "echo", releaseId: release.releaseId });
  expect(
    (await readdir(fixture.directory, { recursive: true })).filter((name) =>
      name.includes("environment.jwe"),
    ),
  ).toEqual([]);
});

test("secrets that are wanted as files are in no variable, readable by the service alone, and gone with the release", async () => {
  const value = "-----BEGIN KEY-----\ns3cret-value-4712\n-----END KEY-----\n";
  const reader = `
    const { readFileSync, statSync } = require("node:fs");
    const { API_KEY_FILE: path } = process.env;
    require("node:http").createServer((request, response) => {
      if (request.url !== "/secret") return response.end("ok");
      const mode = (statSync(path).mode & 0o777).toString(8);
      response.end(JSON.stringify({ path, mode, text: readFileSync(path, "utf8"), variable: process.env.API_KEY ?? null }));
    }).listen(process.env.PORT, "127.0.0.1");`;
  const artifact = await fixture.artifact({ "server.js": reader });
  const release = await serve({ artifact, environment: { API_KEY: value }, secretFiles: ["API_KEY"] });
  const { releaseId } = release;
  const [namespace, moduleId] = ["acme-staging", "echo"];
  const said = JSON.parse((await fixture.request(hostOf(moduleId), "/secret")).body);
  expect(said).toMatchObject({ mode: "400", text: value, variable: null });
  expect(said.path.startsWith(join(fixture.directory, "services", namespace, moduleId, releaseId))).toBe(
    true,
  );
  expect(await readFile(`/proc/${release.pid}/environ`, "utf8")).not.toContain("s3cret");
  expect((await stat(join(fixture.directory, "services"))).mode & 0o077).toBe(0);
  await fixture.target.retire({ namespace, moduleId, releaseId });
  await expect(stat(said.path)).rejects.toThrow(/ENOENT/);
});

test("a command that runs once gets secrets as files too, and they are gone at its end", async () => {
  const artifact = await fixture.artifact({ "server.js": "" });
  const spec = await specOf(fixture, {
    artifact,
    environment: { API_KEY: "s3cret-4713" },
    secretFiles: ["API_KEY"],
  });
  const script = `
    const { API_KEY, API_KEY_FILE: path } = process.env;
    const { readFileSync, statSync } = require("node:fs");
    const text = readFileSync(path, "utf8") === "s3cret-4713";
    console.log(JSON.stringify({ path, mode: (statSync(path).mode & 0o777).toString(8), text, variable: API_KEY ?? null }));`;
  const command = { id: "migrate", run: [process.execPath, "-e", script], timeoutMs: 60_000 };
  const { exitCode, output } = await fixture.target.run(spec, command, {
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  expect(exitCode, output).toBe(0);
  const said = JSON.parse(output);
  expect(said).toMatchObject({ mode: "400", text: true, variable: null });
  await expect(stat(said.path)).rejects.toThrow(/ENOENT/);
});

test("a path too long for a socket is replaced by a short one in a private folder", () => {
  const layout = layoutOf(`/tmp/${"long/".repeat(30)}`);
  expect(Buffer.byteLength(layout.socket)).toBeLessThan(100);
  expect(layoutOf(`/tmp/${"long/".repeat(31)}`).socket).not.toBe(layout.socket);
});

const lateServer = `
setTimeout(() => {
  require("node:http").createServer((_, response) => response.end("late")).listen(process.env.PORT, "127.0.0.1");
}, 1000);
`;

const stubbornServer = `
process.on("SIGTERM", () => {});
const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
console.log(child.pid);
require("node:http").createServer((_, response) => response.end()).listen(process.env.PORT, "127.0.0.1");
`;

const deafToPortServer = `
const server = require("node:http").createServer((_, response) => response.end());
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;
