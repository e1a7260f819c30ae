/** What tests of the supervisor do to it: serve with it, kill it, look at what it left; for tests only. */
import { readdir, readFile } from "node:fs/promises";
import { expect } from "vitest";
import { echoServer, releaseSpec } from "../../../ports/target.conformance.ts";
import type { ReleaseSpec, RunningRelease } from "../../../ports/target.ts";
import type { LocalTargetFixture } from "./local-target-fixture.ts";
import { identify, isAlive } from "./runtimes/process/process-identity.ts";
import { supervisorStatus } from "./stop-supervisor.ts";

export const watch = { signal: new AbortController().signal, progress: () => {} };

export async function specOf(
  fixture: LocalTargetFixture,
  more: Partial<ReleaseSpec>,
  server = echoServer,
): Promise<ReleaseSpec> {
  return releaseSpec({ artifact: await fixture.artifact({ "server.js": server }), ...more });
}

export async function serveWith(
  fixture: LocalTargetFixture,
  more: Partial<ReleaseSpec>,
  server = echoServer,
): Promise<RunningRelease> {
  const spec = await specOf(fixture, more, server);
  const release = await fixture.target.start(spec, watch);
  const [serving] = await fixture.target.route(spec, [{ releaseId: release.releaseId, weight: 100 }]);
  return serving ?? release;
}

export async function killSupervisor(fixture: LocalTargetFixture): Promise<number> {
  const status = await supervisorStatus(fixture.directory);
  const identity = identify(status?.pid ?? 0);
  if (identity === undefined) throw new Error("no supervisor runs");
  process.kill(identity.pid, "SIGKILL");
  await expect.poll(() => isAlive(identity)).toBe(false);
  return identity.pid;
}

/** Leaders of sessions whose environment names this directory: services and commands, and nothing else. */
export async function processesOf(directory: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map(async (pid) => ({ pid, text: await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "") })),
  );
  return environments
    .filter(({ text }) => text.includes(`CONNECTSOFT_SERVICE=${directory}|`))
    .map(({ pid }) => Number(pid));
}
