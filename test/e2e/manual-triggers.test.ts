/** What people do by hand: roll back, redeploy, cancel, retry, supersede; and what the older trace says then. */
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { named, namesOf, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";
import { servicesOf } from "./support/processes.ts";

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

const statesIn = (status: DeliveryStatus, name: string) =>
  status.instances.find(({ instance }) => instance === name)?.states;
const inState = (name: string, state: string) => (status: DeliveryStatus) =>
  statesIn(status, name)?.[0] === state;
const releaseOf = ({ events }: Delivered) => String(only(events, "ReleaseProposed").data.releaseId);

describe("two versions of a module in one environment", () => {
  let first: Delivered;
  let second: Delivered;
  let url: string;
  const serves = async () => JSON.parse((await ask(url)).body).version;

  beforeAll(async () => {
    first = await site.deliver(await writeModule(site.desk, { id: "twice" }), ["--env", "staging"]);
    const folder = await writeModule(site.desk, { id: "twice", version: "2.0.0" });
    second = await site.deliver(folder, ["--env", "staging"]);
    url = String(only(second.events, "DeploymentCompleted").data.url);
  });

  it("serves the newer one, and the older trace says that it was replaced", async () => {
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(await serves()).toBe("2.0.0");
    expect(statesIn(await site.status(first.trace), "staging")).toEqual(["replaced"]);
    expect(await site.ok(["explain", first.trace])).toContain(
      `was replaced by ${releaseOf(second)} of ${second.trace}`,
    );
    expect(servicesOf(site.home, "twice")).toHaveLength(1);
    const again = await site.studio(["request-rollback", releaseOf(first), "--reason", "it was better"]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/^error RollbackImpossible: .*\nnext: .*request-rollback release-/);
  });

  it("goes back on request, and both traces say so", async () => {
    const asked = await site.studio(["request-rollback", releaseOf(second), "--reason", "prices are wrong"]);
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    await site.until(second.trace, inState("staging", "rolled_back"));
    expect(await serves()).toBe("1.0.0");
    const restored = await site.until(first.trace, inState("staging", "live"));
    expect(restored.explanation.kind).toBe("published");
    expect(only(await site.events(first.trace), "ReleaseRestored").data).toMatchObject({
      releaseId: releaseOf(first),
    });
    const { events, code } = await site.follow(second.trace);
    expect(code).toBe(4);
    expect(only(events, "DeploymentFailed").data).toMatchObject({ recoverable: true });
    expect(servicesOf(site.home, "twice")).toHaveLength(1);
  });

  it("takes the held version again when a person asks for it", async () => {
    await site.ok([
      "redeploy",
      "2.0.0",
      "--module",
      "twice",
      "--env",
      "staging",
      "--reason",
      "prices are mended",
    ]);
    await site.until(second.trace, inState("staging", "live"));
    expect(await serves()).toBe("2.0.0");
    await site.until(first.trace, inState("staging", "replaced"));
    const proposed = named(await site.events(second.trace), "ReleaseProposed").map(
      ({ data }) => data.releaseId,
    );
    expect(new Set(proposed).size).toBe(2);
  });

  it("takes the older version again, whose trace is live then", async () => {
    await site.ok(["redeploy", "1.0.0", "--module", "twice", "--env", "staging"]);
    await site.until(first.trace, inState("staging", "live"));
    expect(await serves()).toBe("1.0.0");
    await site.until(second.trace, inState("staging", "replaced"));
    for (const { trace } of [first, second])
      expect(JSON.parse(await site.ok(["replay", trace, "--json"]))).toMatchObject({
        chain: { intact: true },
        same: true,
      });
  });

  it("refuses to go back to nothing, and a version that was never delivered", async () => {
    const alone = await site.deliver(await writeModule(site.desk, { id: "alone" }), ["--env", "staging"]);
    const back = await site.studio(["request-rollback", releaseOf(alone), "--reason", "never mind"]);
    expect(back.code).toBe(2);
    expect(back.stderr).toMatch(/^error RollbackImpossible: .* first release .*\nnext: /);
    const unknown = await site.connectsoft(["redeploy", "9.9.9", "--module", "alone"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/^error NotFound: .*9\.9\.9.*\nnext: /);
  });
});

describe("a delivery that waits for approval", () => {
  it("is cancelled: what serves goes on serving, and nothing of it can be approved", async () => {
    const waiting = await site.deliver(await writeModule(site.desk, { id: "cancelled" }));
    expect(waiting.code).toBe(3);
    expect(await site.ok(["cancel", waiting.trace, "--reason", "not now"])).toContain("is cancelled");
    expect(await site.ok(["cancel", waiting.trace])).toContain("already");
    expect((await site.follow(waiting.trace)).code).toBe(4);
    const status = await site.status(waiting.trace);
    expect(status.phase).toBe("cancelled");
    expect(status.explanation.sentence).toContain("not now");
    const url = String(only(waiting.events, "DeploymentCompleted").data.url);
    expect((await ask(url)).status).toBe(200);
    const release = String(only(waiting.events, "ApprovalRequested").data.releaseId);
    const late = await site.studio(["approve-release", release, "--comment", "after all"]);
    expect(late.code).toBe(2);
    expect(late.stderr).toMatch(/^error Conflict: .*\nnext: /);
    expect((await site.studio(["pending", "--json"])).stdout).not.toContain(waiting.trace);
  });

  it("is superseded by a newer trace of the module", async () => {
    const older = await site.deliver(await writeModule(site.desk, { id: "superseded" }));
    expect(older.code).toBe(3);
    const newer = await site.deliver(await writeModule(site.desk, { id: "superseded", version: "1.1.0" }));
    expect(newer.code).toBe(3);
    const status = await site.status(older.trace);
    expect(status.phase).toBe("superseded");
    expect(status.explanation.sentence).toContain(newer.trace);
    expect(namesOf(newer.events)).toContain("ApprovalRequested");
    const release = String(only(newer.events, "ApprovalRequested").data.releaseId);
    expect((await site.studio(["approve-release", release, "--comment", "go"])).code).toBe(0);
    expect((await site.follow(newer.trace)).code).toBe(0);
    expect((await site.follow(older.trace)).code).toBe(4);
  });
});

describe("a step that failed", () => {
  it("is tried again by hand, from itself or from a state that is named", async () => {
    const cause = path.join(site.desk, "cause");
    await writeFile(cause, "");
    const test = `import { existsSync } from "node:fs";\nif (existsSync(${JSON.stringify(cause)})) throw new Error("the cause is there");\n`;
    const yaml = "test: [node, check.js]\n";
    const folder = await writeModule(site.desk, { id: "flaky", yaml, files: { "check.js": test } });
    const failed = await site.deliver(folder, ["--env", "staging"]);
    expect(failed.code).toBe(4);
    await site.ok(["retry", failed.trace]);
    expect((await site.follow(failed.trace)).code).toBe(4);

    const nowhere = await site.connectsoft(["retry", failed.trace, "--from", "nowhere"]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/^error InputInvalid: from: .*nowhere.*\nnext: .*flow show/);
    const claimed = await site.connectsoft(["retry", failed.trace, "--from", "published"]);
    expect(claimed.code).toBe(2);

    await rm(cause);
    await site.ok(["retry", failed.trace, "--from", "building", "--reason", "the cause is gone"]);
    const { code, events } = await site.follow(failed.trace);
    expect(code).toBe(0);
    expect(named(events, "FlowMoved").map(({ data }) => data.to)).toEqual(["testing", "building"]);
    expect(named(events, "TestsFailed")).toHaveLength(2);
    expect(JSON.parse(await site.ok(["replay", failed.trace, "--json"]))).toMatchObject({ same: true });
  });
});
