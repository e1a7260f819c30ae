/** kill -9 of the supervisor in the middle of what it does: nothing is lost, and requests are answered throughout. */
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostOf } from "../../../ports/target.conformance.ts";
import { layoutOf } from "./layout.ts";
import { type LocalTargetFixture, localTargetFixture } from "./local-target-fixture.ts";
import { identify, isAlive } from "./runtimes/process/process-identity.ts";
import { supervisorStatus } from "./stop-supervisor.ts";
import { readState } from "./supervisor/state-file.ts";
import { killSupervisor, processesOf, serveWith, specOf, watch } from "./supervisor-rig.ts";

const place = { namespace: "acme-staging", moduleId: "echo" };
const old = { ...place, releaseId: "release-000001" };
const next = { ...place, releaseId: "release-000002" };
let fixture: LocalTargetFixture;
beforeEach(async () => {
  fixture = await localTargetFixture();
});
afterEach(() => fixture.dispose());

/** Kills the supervisor so long after the act began, and expects the act to be done all the same. */
async function killDuring<T>(afterMs: number, act: () => Promise<T>): Promise<T> {
  const { pid } = (await supervisorStatus(fixture.directory)) ?? { pid: 0 };
  const identity = identify(pid);
  const done = act();
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (identity !== undefined && isAlive(identity)) process.kill(pid, "SIGKILL");
  return await done;
}

/** Asks without a pause, until it is told to end; resolves with what failed. */
function underLoad(): { end(): Promise<string[]> } {
  let over = false;
  const failures = new Set<string>();
  const loop = async () => {
    while (!over) {
      const answer = await fixture.request(hostOf("echo"), "/").catch((error: Error) => error.message);
      if (typeof answer === "string" || answer.status !== 200) failures.add(JSON.stringify(answer));
    }
  };
  const loops = [loop(), loop()];
  return {
    async end() {
      over = true;
      await Promise.all(loops);
      return [...failures];
    },
  };
}

test.each([1, 15, 60])(
  "a whole rollout goes on when the supervisor is killed %i ms into each of its steps",
  async (afterMs) => {
    const { target } = fixture;
    await serveWith(fixture, { ...old, replicas: 2, environment: { GREETING: "old" } });
    const load = underLoad();
    const spec = await specOf(fixture, { ...next, environment: { GREETING: "new" } });
    const started = await killDuring(afterMs, () => target.start(spec, watch));
    expect(started.state).toBe("ready");
    const grown = await killDuring(afterMs, () => target.scale(next, 2, watch));
    expect(grown.instances?.map(({ state }) => state)).toEqual(["ready", "ready"]);
    await killDuring(afterMs, () =>
      target.route(place, [
        { releaseId: old.releaseId, weight: 50 },
        { releaseId: next.releaseId, weight: 50 },
      ]),
    );
    await killDuring(afterMs, () => target.route(place, [{ releaseId: next.releaseId, weight: 100 }]));
    await killDuring(afterMs, () => target.retire(old));
    expect(await load.end()).toEqual([]);
    await expect
      .poll(async () =>
        (await target.list(place)).map(({ releaseId, state, weight }) => [releaseId, state, weight]),
      )
      .toEqual([
        [next.releaseId, "serving", 100],
        [old.releaseId, "stopped", undefined],
      ]);
    const [release] = await target.list(place);
    expect(release?.restartCount).toBe(0);
    await expect.poll(() => processesOf(fixture.directory)).toHaveLength(2);
    expect((await processesOf(fixture.directory)).sort()).toEqual(
      release?.instances?.map(({ pid }) => pid).sort(),
    );
  },
);

test("a command goes on when the supervisor is killed, and its exit code is known to the next one", async () => {
  const spec = await specOf(fixture, {});
  const script = `
    console.log("begun");
    setTimeout(() => { console.log("done"); process.exit(4); }, 1500);`;
  const command = { id: "migrate", run: ["node", "-e", script], timeoutMs: 30_000 };
  const running = fixture.target.run(spec, command, watch);
  await expect.poll(() => processesOf(fixture.directory)).not.toHaveLength(0);
  await killSupervisor(fixture);
  const result = await running;
  expect(result).toMatchObject({ exitCode: 4, timedOut: false });
  expect(result.output.trim().split("\n")).toEqual(["begun", "done"]);
  expect(await fixture.target.run(spec, command, watch)).toEqual(result);
});

test("a command that ended while no supervisor lived is not run again", async () => {
  const spec = await specOf(fixture, {});
  const command = {
    id: "migrate",
    run: ["node", "-e", "setTimeout(() => process.exit(5), 600)"],
    timeoutMs: 30_000,
  };
  const running = fixture.target.run(spec, command, watch).catch(() => undefined);
  await expect.poll(() => processesOf(fixture.directory)).not.toHaveLength(0);
  await fixture.targets.close();
  await killSupervisor(fixture);
  await expect.poll(() => processesOf(fixture.directory)).toHaveLength(0);
  await running;
  const again = await fixture.another().process.run(spec, command, watch);
  expect(again.exitCode).toBe(5);
});

test("services of a supervisor of the first form are adopted, not lost", async () => {
  const release = await serveWith(fixture, { environment: { GREETING: "from before" } });
  await fixture.targets.close();
  await killSupervisor(fixture);
  await writeFile(layoutOf(fixture.directory).state, await inFirstForm(fixture.directory));
  const [adopted] = await fixture.another().process.list(place);
  expect(adopted).toMatchObject({ state: "serving", pid: release.pid, restartCount: 0, weight: 100 });
  expect((await fixture.request(hostOf("echo"), "/")).body).toBe("from before");
  expect((await readState(layoutOf(fixture.directory).state)).version).toBe(2);
});

test("a service whose settings cannot be opened any more is watched on, and does not keep others from being", async () => {
  const before = await serveWith(fixture, { environment: { GREETING: "sealed" } });
  const other = await serveWith(fixture, { moduleId: "other" });
  await fixture.targets.close();
  await killSupervisor(fixture);
  await writeFile(join(fixture.directory, "environment.key"), Buffer.alloc(32, 7).toString("base64url"));
  const { process: target } = fixture.another();
  expect((await target.list(place))[0]).toMatchObject({ state: "serving", pid: before.pid });
  expect((await target.list({ ...place, moduleId: "other" }))[0]).toMatchObject({
    state: "serving",
    pid: other.pid,
  });
  expect((await fixture.request(hostOf("echo"), "/")).body).toBe("sealed");
});

test("what the disk refuses is refused in words, and what served serves", async () => {
  await serveWith(fixture, { environment: { GREETING: "still" } });
  // In the way of the state file's replacement, as a full disk is; root may write everywhere.
  const temporary = `${layoutOf(fixture.directory).state}.new`;
  await mkdir(temporary);
  const spec = await specOf(fixture, next);
  await expect(fixture.target.start(spec, watch)).rejects.toThrow(
    /Unavailable: .*state.json cannot be written.*nothing was changed/,
  );
  await expect(fixture.target.route(place, [])).rejects.toThrow(/nothing was changed/);
  await expect(fixture.target.retire(old)).rejects.toThrow(/nothing was changed/);
  expect((await fixture.request(hostOf("echo"), "/")).body).toBe("still");
  expect((await fixture.target.list(place))[0]).toMatchObject({ state: "serving", weight: 100 });
  await rmdir(temporary);
  expect((await fixture.target.start(spec, watch)).state).toBe("ready");
});

/** As it was written before it had a version. */
async function inFirstForm(directory: string): Promise<string> {
  const { releases, routes } = await readState(layoutOf(directory).state);
  const services = releases.map(({ spec, specDigest, directory: folder, wanted, instances: [instance] }) => {
    const {
      index: _index,
      folder: _folder,
      restartsInARow: _restarts,
      identity,
      ...record
    } = instance ?? { index: 0 };
    return { spec, specDigest, directory: folder, wanted, ...record, process: identity };
  });
  const firstRoutes = Object.entries(routes).map(([key, [share]]) => [
    key,
    { releaseId: share?.releaseId, since: share?.since },
  ]);
  return JSON.stringify({ routerPort: 0, services, routes: Object.fromEntries(firstRoutes) });
}
