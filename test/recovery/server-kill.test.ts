/**
 * The server is killed with -9 in the middle of deliveries, and whoever follows starts it again. Everything
 * completes, no outside effect happens twice, and what serves never stops serving.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DeliveryEvent, verifyChain } from "../../src/domain/event/event.ts";
import { named, only } from "../e2e/support/events.ts";
import { ask, type Watch, watchAnswers } from "../e2e/support/http.ts";
import { createInstallation, type Installation } from "../e2e/support/installation.ts";
import { writeModule } from "../e2e/support/modules.ts";

let site: Installation;
let beacon: string;
let watch: Watch;
let database: string;

beforeAll(async () => {
  site = await createInstallation();
  const { code, events } = await site.deliver(await writeModule(site.desk, { id: "beacon" }), [
    "--env",
    "staging",
  ]);
  expect(code).toBe(0);
  beacon = String(only(events, "DeploymentCompleted").data.url);
  watch = watchAnswers(beacon);
  database = postmaster();
});

afterAll(async () => {
  await site.close();
});

// A delivery to one environment has about 65 events; these fall into every one of its steps.
it.each([1, 5, 9, 13, 17, 22, 27, 33, 39, 45, 51, 56, 60])(
  "a server that is killed at event %i of a delivery",
  async (moment) => {
    const id = `killed-at-${moment}`;
    const folder = await writeModule(site.desk, { id });
    const killed = { times: 0 };
    const delivered = await site.deliver(folder, ["--env", "staging"], {
      onLine(line) {
        if (JSON.parse(line).sequence !== moment || killed.times > 0) return;
        killed.times += 1;
        process.kill(site.server().pid, "SIGKILL");
      },
    });
    expect(delivered.code, delivered.stderr).toBe(0);
    expect(killed.times).toBe(1);
    await expectOnce(id, delivered.trace);
  },
);

it("several deliveries and a server that is killed again and again", async () => {
  const ids = ["one", "two", "three"].map((name) => `random-${name}`);
  const folders = await Promise.all(ids.map((id) => writeModule(site.desk, { id })));
  const kills: number[] = [];
  const begun = new Set<string>();
  let seen = 0;
  let next = random(10, 30);
  const onLine = (line: string): void => {
    seen += 1;
    begun.add(JSON.parse(line).traceid);
    // A hand-over that a killed server has not answered is refused, and is its sender's to repeat.
    if (begun.size < ids.length || seen < next || kills.length === 6) return;
    next = seen + random(10, 40);
    try {
      process.kill(site.server().pid, "SIGKILL");
      kills.push(seen);
    } catch {
      // It is on its way up again and has not said where it is.
    }
  };
  const delivered = await Promise.all(
    folders.map((folder) => site.deliver(folder, ["--env", "staging"], { onLine })),
  );
  const told = `killed after ${kills.join(", ")} events`;
  for (const [index, { code, trace, stderr }] of delivered.entries()) {
    expect(code, `${told}: ${stderr}`).toBe(0);
    await expectOnce(ids[index] ?? "", trace);
  }
  expect(kills.length).toBeGreaterThanOrEqual(3);
});

it("what served before has served all the time, and the database is the one of before", async () => {
  const { answers, failures } = await watch.end();
  expect(failures).toEqual([]);
  expect(answers).toBeGreaterThan(500);
  expect(postmaster()).toBe(database);
});

/** Every outside effect of a delivery happened, and happened once. */
async function expectOnce(id: string, trace: string): Promise<void> {
  const events = await site.events(trace);
  expect(verifyChain(events)).toMatchObject({ intact: true });
  expect(JSON.parse(await site.ok(["replay", trace, "--json"]))).toMatchObject({ same: true });
  for (const name of [
    "CommitReady",
    "PullRequestCreated",
    "PullRequestMerged",
    "ReleaseProposed",
    "DeploymentCompleted",
  ])
    expect(named(events, name), name).toHaveLength(1);
  expectOneHistory(id, trace, events);
  const url = String(only(events, "DeploymentCompleted").data.url);
  expect(JSON.parse((await ask(url)).body)).toMatchObject({ name: id, version: "1.0.0" });
  expect(starts(id)).toBe(1);
}

function expectOneHistory(id: string, trace: string, events: DeliveryEvent[]): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", path.join(site.home, `repositories/local/${id}.git`), ...args], {
      encoding: "utf8",
    }).trim();
  const invocations = git("log", "--all", "--format=%(trailers:key=Invocation-Id,valueonly,separator=%x2C)")
    .split("\n")
    .filter((line) => line !== "");
  // The module, its pipeline and the merge: one commit each.
  expect(invocations).toHaveLength(3);
  expect(new Set(invocations).size).toBe(3);
  expect(git("rev-parse", "main")).toBe(only(events, "PullRequestMerged").data.commit);
  expect(git("branch", "--format=%(refname:short)").split("\n").sort()).toEqual([
    "main",
    `trace/${trace}/${id}`,
  ]);
  expect(only(events, "PullRequestCreated").data.number).toBe(1);
}

/** How often the service was started: it says so itself. */
function starts(id: string): number {
  const services = path.join(site.home, "target/services");
  return readdirSync(services, { recursive: true, encoding: "utf8" })
    .filter((file) => /output\.\d+\.log$/.test(file))
    .map((file) => readFileSync(path.join(services, file), "utf8"))
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.startsWith(`${id} `) && line.includes(" listens")).length;
}

function postmaster(): string {
  return readFileSync(path.join(site.home, "postgres/postmaster.pid"), "utf8").split("\n")[0] ?? "";
}

function random(from: number, to: number): number {
  return from + Math.floor(Math.random() * (to - from));
}
