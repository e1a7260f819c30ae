/** Watching what is live, on a real database and ledger: what a host would say is told here. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventName } from "../../src/domain/event/event.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { neededArtifacts } from "../../src/operations/live/collect-artifacts.ts";
import { createLiveWatch } from "../../src/operations/live/live-watch.ts";
import type { LedgerEntry } from "../../src/ports/release-ledger.ts";
import { quickProbes } from "../../src/ports/target.conformance.ts";
import type { LiveRelease, Target } from "../../src/ports/target.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

let rig: TestSystem;
let subject: Subject;
let nowMs: number;
let live: LiveRelease[] | Error;
beforeEach(async () => {
  rig = await createTestSystem();
  nowMs = 0;
  subject = await rig.deliver();
  await rig.until(subject, (_sentence, kind) => kind === "waiting");
  await rig.system.ledger.record(entry("release-000001", "a"));
});
afterEach(() => rig.close());

const named = {
  namespace: "vetclinic-001-staging",
  moduleId: "booking-service",
  releaseId: "release-000001",
};
const well: LiveRelease = { ...named, state: "serving", restartCount: 0, failing: [] };
const crashed: LiveRelease = {
  ...well,
  state: "crashed",
  restartCount: 4,
  reason: "crash loop: restarted 4 times",
};

function entry(releaseId: string, letter: string): LedgerEntry {
  const { moduleId } = subject;
  const artifact = `sha256:${letter.repeat(64)}`;
  return {
    tenantId: subject.tenantId,
    environment: "staging",
    moduleId,
    releaseId,
    traceId: subject.traceId,
    version: "1.0.0",
    artifact,
    outcome: "Deployed",
    reasons: [],
    at: new Date().toISOString(),
    invocationId: `i-${releaseId}`,
    spec: {
      ...named,
      releaseId,
      version: "1.0.0",
      artifact,
      start: ["node", "server.js"],
      portVariable: "PORT",
      probes: quickProbes("/"),
      hosts: [],
      configuration: {},
      secrets: [],
      startupTimeoutMs: 1_000,
    },
  };
}

/** A server that watches: another one after a restart knows nothing of what the one before had in memory. */
function watcher() {
  const survey = async () => {
    if (live instanceof Error) throw live;
    return live;
  };
  const nobody = { survey: async () => [] } as unknown as Target;
  const targets = { process: { survey } as unknown as Target, container: nobody, systemd: nobody };
  return createLiveWatch({ ...rig.system, targets }, () => nowMs);
}

async function regressions() {
  const events = await rig.system.store.events(subject);
  return events.filter((event) => eventName(event) === "RegressionDetected");
}

test("a crash loop beyond the policy's time is told once, also by the server that comes after", async () => {
  const watch = watcher();
  live = [crashed];
  await watch.look();
  nowMs = 29_000;
  await watch.look();
  expect(await regressions()).toEqual([]);
  nowMs = 31_000;
  await watch.look();
  await watch.look();
  const next = watcher();
  await next.look();
  nowMs = 90_000;
  await next.look();
  const [told, ...more] = await regressions();
  expect(more).toEqual([]);
  expect(told).toMatchObject({ source: "/engine", environment: "staging", data: { restartCount: 4 } });
  expect(JSON.stringify(told?.data.reasons)).toContain("crash loop: restarted 4 times");
});

test("what is well again in time, or could not be looked at meanwhile, is no incident", async () => {
  const watch = watcher();
  for (const [second, found] of [
    [0, [crashed]],
    [20, [well]],
    [25, [crashed]],
    [50, new Error("the supervisor restarts")],
    [56, [crashed]],
    [80, [crashed]],
  ] as const) {
    nowMs = second * 1_000;
    live = found instanceof Error ? found : [...found];
    await watch.look().catch(() => undefined);
  }
  expect(await regressions()).toEqual([]);
});

test("two hundred well releases cost one call and no question to the database", async () => {
  live = Array.from({ length: 200 }, (_, index) => ({ ...well, moduleId: `module-${index}` }));
  const watch = watcher();
  let asked = 0;
  rig.system.ledger.findRunning = async () => {
    asked += 1;
    return undefined;
  };
  await watch.look();
  expect(asked).toBe(0);
});

test("artifacts of the last releases of a place, and of what is on its way, are needed", async () => {
  const { ledger } = rig.system;
  for (let number = 2; number <= 14; number += 1)
    await ledger.record(entry(`release-${String(number).padStart(6, "0")}`, number.toString(16)));
  const needed = await neededArtifacts(rig.system);
  const letters = "5678".split("").map((letter) => `sha256:${letter.repeat(64)}`);
  for (const digest of letters) expect(needed).toContain(digest);
  for (const letter of ["2", "3", "4"]) expect(needed).not.toContain(`sha256:${letter.repeat(64)}`);
  // What the open delivery was built as.
  expect(needed).toContain(`sha256:${"a".repeat(64)}`);
});
