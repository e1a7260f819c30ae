/** Modules that fail: as a first release, and as a newer version of something that serves. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { named, namesOf, only } from "./support/events.ts";
import { ask, watchAnswers } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { copyExample, writeModule } from "./support/modules.ts";
import { servicesOf } from "./support/processes.ts";
import { root } from "./support/run-program.ts";

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

const failing = [
  { example: "never-ready", says: /readiness.*503/i },
  { example: "exits-at-once", says: /code 3.*cannot read \/etc\/exits-at-once\/licence\.key/s },
  { example: "port-ignored", says: /port/i },
  { example: "crashes-after-ready", says: /code 70|out of luck/ },
];

describe("tests-fail", () => {
  it("ends at its tests: nothing is merged or deployed, and explain names what failed", async () => {
    const { code, trace, events } = await site.deliver(path.join(root, "examples/broken/tests-fail"));
    expect(code).toBe(4);
    const names = namesOf(events);
    expect(names).toContain("TestsFailed");
    for (const never of ["PullRequestMerged", "ReleaseProposed", "DeploymentStarted"])
      expect(names).not.toContain(never);
    const explained = await site.ok(["explain", trace]);
    expect(explained).toContain("TestsNotPassed");
    expect(explained).toContain("three nights cost three times the rate");
    const pull = JSON.parse(await site.artifact(trace, "PullRequestMetadata.json"));
    expect(pull.state).toBe("open");
  });

  it("goes through when it is mended and handed over again", async () => {
    const folder = await copyExample(site.desk, "broken/tests-fail");
    const file = path.join(folder, "price.js");
    await writeFile(file, (await readFile(file, "utf8")).replace("(nights - 1)", "nights"));
    const { code, events } = await site.deliver(folder, ["--until", "staging"]);
    expect(code).toBe(0);
    const answer = await ask(String(only(events, "DeploymentCompleted").data.url));
    expect(answer).toMatchObject({ status: 200, body: "240\n" });
  });
});

it.concurrent.each(failing)(
  "$example is rolled back to nothing as a first release",
  async ({ example, says }) => {
    const folder = path.join(root, "examples/broken", example);
    const { code, trace, events } = await site.deliver(folder, ["--env", "staging"]);
    expect(code).toBe(4);
    expectRolledBack(events, { restored: null, restoredRelease: null });
    expect(named(events, "DeploymentCompleted")).toEqual([]);
    const status = await site.status(trace);
    expect(statesIn(status, "staging")).toEqual(["rolled_back"]);
    expect(status.explanation.kind).toBe("stopped");
    const explained = await site.ok(["explain", trace]);
    expect(explained).toMatch(says);
    expect(explained).toContain("nothing serves there");
  },
);

it.concurrent.each(failing)(
  "$example takes nothing from a version that serves, and is held",
  async ({ example }) => {
    const id = `steady-${example}`;
    const first = await site.deliver(await writeModule(site.desk, { id }), ["--env", "staging"]);
    expect(first.code).toBe(0);
    const url = String(only(first.events, "DeploymentCompleted").data.url);
    const good = String(only(first.events, "ReleaseProposed").data.releaseId);

    const folder = await copyExample(site.desk, `broken/${example}`, `${id}-2.0.0`);
    const flags = ["--module", id, "--version", "2.0.0", "--env", "staging"];
    const watch = watchAnswers(url);
    const bad = await site.deliver(folder, flags);
    const seen = await watch.end();

    expect(bad.code).toBe(4);
    expect(seen.answers).toBeGreaterThan(20);
    // What crashes after it was ready has the traffic for a moment; all others never get it.
    if (example !== "crashes-after-ready")
      expect(seen).toMatchObject({ failures: [], bodies: [expect.anything()] });
    expect(JSON.parse((await ask(url)).body)).toMatchObject({ name: id, version: "1.0.0" });
    expectRolledBack(bad.events, { restored: "1.0.0", restoredRelease: good });
    await expectRecords(bad.trace, {
      good,
      release: String(only(bad.events, "ReleaseProposed").data.releaseId),
    });
    expect(await site.ok(["explain", bad.trace])).toMatch(/1\.0\.0 serves (on|again)/);
    expect(statesIn(await site.status(bad.trace), "staging")).toEqual(["rolled_back"]);
    expect(statesIn(await site.status(first.trace), "staging")).toEqual(["live"]);
    expect(servicesOf(site.home, id)).toHaveLength(1);

    const again = await site.deliver(folder, flags);
    expect(again.code).toBe(3);
    expect(only(again.events, "ReleaseDelayed").data.reasons).toMatchObject([{ code: "VersionHeld" }]);
    expect(named(again.events, "DeploymentStarted")).toEqual([]);
    expect((await ask(url)).status).toBe(200);
  },
);

it("leaves no process of anything that failed", () => {
  for (const { example } of failing) expect(servicesOf(site.home, example)).toEqual([]);
});

function statesIn(status: DeliveryStatus, name: string): string[] | undefined {
  return status.instances.find(({ instance }) => instance === name)?.states;
}

function expectRolledBack(
  events: Delivered["events"],
  to: { restored: unknown; restoredRelease: unknown },
): void {
  const story = namesOf(events).filter((name) => /^(Rollback|Deployment)/.test(name));
  expect(story).toEqual(["DeploymentStarted", "RollbackTriggered", "RollbackCompleted", "DeploymentFailed"]);
  expect(only(events, "RollbackCompleted").data).toMatchObject(to);
  expect(only(events, "DeploymentFailed").data).toMatchObject({ recoverable: true });
}

async function expectRecords(
  trace: string,
  { good, release }: { good: string; release: string },
): Promise<void> {
  expect(parse(await site.artifact(trace, "RollbackMap.yaml"))).toMatchObject({
    previousVersion: "1.0.0",
    currentAttempt: "2.0.0",
    lastKnownGood: "1.0.0",
    rollbackAllowed: true,
  });
  expect(JSON.parse(await site.artifact(trace, "RollbackSummary.json"))).toMatchObject({
    releaseId: release,
    version: "2.0.0",
    restored: { releaseId: good, version: "1.0.0" },
  });
  expect(JSON.parse(await site.artifact(trace, "DeploymentSummary.json"))).toMatchObject({
    releaseId: release,
    status: "Failed",
  });
  const { deployments } = JSON.parse(await site.artifact(trace, "DeploymentHistory.json"));
  const facts = deployments.map(({ releaseId, outcome }: { releaseId: string; outcome: string }) => [
    releaseId,
    outcome,
  ]);
  expect(facts.slice(0, 3)).toEqual([
    [good, "Deployed"],
    [release, "Failed"],
    [release, "RolledBack"],
  ]);
}
