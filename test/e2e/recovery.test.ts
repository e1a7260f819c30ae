/** A release that goes wrong, as a person lives through it: what they are told, what they can do, and what is true then. */
import { userInfo } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FailureDetails } from "../../src/operations/describe-failure.ts";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { named, namesOf, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const me = userInfo().username;
const tenant = `
id: local
people:
  - { id: ${me}, roles: [StudioAdmin, DevOpsEngineer, Deployer, Developer, ReleaseManager, SecurityReviewer] }
  - { id: olga, roles: [ProductOwner, ReleaseManager] }
environments: [{ id: staging }, { id: held }, { id: guarded }]
releasePolicy:
  environments:
    held: { rollback: { mode: held } }
    guarded:
      requiresApproval: true
      minApprovers: 2
      roles: [ProductOwner, ReleaseManager]
      hotfix: { roles: [ReleaseManager], minApprovers: 0 }
evidence:
  producers: [{ id: prometheus, kinds: [regression] }]
`;

let site: Installation;
beforeAll(async () => {
  site = await createInstallation({ tenant });
});
afterAll(() => site.close());

const releaseOf = ({ events }: Delivered) => String(named(events, "ReleaseProposed").at(-1)?.data.releaseId);
const urlOf = ({ events }: Delivered) => String(named(events, "DeploymentCompleted").at(-1)?.data.url);
const versionAt = async (url: string) => JSON.parse((await ask(url)).body).version;
const stateIn = (status: DeliveryStatus, place: string) =>
  status.instances.find(({ instance }) => instance === place)?.states[0];
const inState = (place: string, state: string) => (status: DeliveryStatus) =>
  stateIn(status, place) === state;
const failureOf = async (ref: string): Promise<FailureDetails> =>
  JSON.parse(await site.ok(["failure", ref, "--json"]));

async function deliver(id: string, version: string, place = "staging"): Promise<Delivered> {
  return site.deliver(await writeModule(site.desk, { id, version }), ["--env", place]);
}

it("says what failed, that others are served, and what to do, before any detail", async () => {
  await deliver("calm", "1.0.0");
  const files = { "server.js": 'console.error("cannot read licence.key"); process.exit(3);\n' };
  const bad = await site.deliver(await writeModule(site.desk, { id: "calm", version: "1.1.0", files }), [
    "--env",
    "staging",
  ]);
  expect(bad.code).toBe(4);
  const [what, now, next] = (await site.ok(["failure", bad.trace])).split("\n");
  expect(what).toMatch(
    /^calm 1\.1\.0 \(release-\d+\) in staging failed and was taken back: 1\.0\.0 serves on\.$/,
  );
  expect(now).toMatch(/^staging is served by calm 1\.0\.0 \(release-\d+\), healthy\.$/);
  expect(next).toContain("connectsoft deliver");
  const told = await failureOf(releaseOf(bad));
  expect(told.failure).toMatchObject({ exit: { code: 3 }, logTail: expect.stringContaining("licence.key") });
  expect(told.next.join()).not.toContain("request-rollback");
});

it("a rollback, the rollback of that rollback, and one further back are all true", async () => {
  const first = await deliver("steps", "1.0.0");
  const second = await deliver("steps", "1.1.0");
  const third = await deliver("steps", "1.2.0");
  const url = urlOf(third);
  const why = ["--code", "latency", "--reason", "pages take 9 s", "--comment", "ticket 4711"];
  expect((await site.studio(["request-rollback", releaseOf(third), ...why])).stdout).toContain("1.1.0");
  await site.until(third.trace, inState("staging", "rolled_back"));
  expect(await versionAt(url)).toBe("1.1.0");
  expect(await site.ok(["explain", second.trace])).toContain("serves again");
  const told = named(await site.events(third.trace), "RollbackCompleted")[0]?.data;
  expect(told).toMatchObject({ restored: "1.1.0", cause: "person", by: me, codeOnly: false });

  const mute = await site.connectsoft(["redeploy", "1.2.0", "--module", "steps", "--env", "staging"]);
  expect(mute.stderr).toMatch(/^error JustificationMissing: .* is held there\.\nnext: .*--reason/);
  await site.ok([
    "redeploy",
    "1.2.0",
    "--module",
    "steps",
    "--env",
    "staging",
    "--reason",
    "it was the database",
  ]);
  await site.until(third.trace, inState("staging", "live"));
  expect(await versionAt(url)).toBe("1.2.0");
  await site.until(second.trace, inState("staging", "replaced"));

  const again = String(named(await site.events(third.trace), "ReleaseProposed").at(-1)?.data.releaseId);
  await site.studio(["request-rollback", again, "--reason", "it was not"]);
  await site.until(second.trace, inState("staging", "live"));
  await site.studio(["request-rollback", releaseOf(second), "--reason", "this one neither"]);
  await site.until(first.trace, inState("staging", "live"));
  expect(await versionAt(url)).toBe("1.0.0");
  const last = await site.studio(["request-rollback", releaseOf(first), "--reason", "nor this"]);
  expect(last.stderr).toMatch(/^error RollbackImpossible: .* none to go back to\.\nnext: /);
  expect(await site.ok(["explain", first.trace])).not.toContain("request-rollback");
  const { deployments } = JSON.parse(
    await site.ok(["memory", "get", "history/tenant-local/env-staging/steps/DeploymentHistory.json"]),
  );
  expect(
    deployments.map((one: { version: string; outcome: string }) => `${one.version} ${one.outcome}`),
  ).toEqual([
    "1.0.0 Deployed",
    "1.1.0 Deployed",
    "1.2.0 Deployed",
    "1.2.0 RolledBack",
    "1.1.0 Restored",
    "1.2.0 Deployed",
    "1.2.0 RolledBack",
    "1.1.0 Restored",
    "1.1.0 RolledBack",
    "1.0.0 Restored",
  ]);
});

it("where policy leaves it to a person, a regression is escalated, and the release serves until they decide", async () => {
  const first = await deliver("watched", "1.0.0", "held");
  const second = await deliver("watched", "1.1.0", "held");
  const release = releaseOf(second);
  const { url: server, token } = site.server();
  const event = {
    specversion: "1.0",
    id: "alert-1",
    source: "/qa/prometheus",
    type: "com.connectsoft.delivery.RegressionDetected",
    subject: `local/${second.trace}/watched`,
    environment: "held",
    data: { releaseId: release, reason: "5 % of requests fail" },
  };
  const send = () =>
    fetch(`${server}/api/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/cloudevents+json" },
      body: JSON.stringify(event),
    });
  expect((await send()).status).toBe(200);
  await site.until(second.trace, inState("held", "escalated"));
  expect((await send()).status).toBe(200);
  expect(await versionAt(urlOf(second))).toBe("1.1.0");
  const explained = await site.ok(["explain", second.trace]);
  expect(explained).toContain("5 % of requests fail");
  expect(explained).toContain(`studio request-rollback ${release} --code regression`);
  await site.studio(["request-rollback", release, "--code", "regression", "--reason", "as the alert says"]);
  await site.until(second.trace, inState("held", "rolled_back"));
  expect(await versionAt(urlOf(second))).toBe("1.0.0");
  await site.until(first.trace, inState("held", "live"));
});

it("a revoked release goes back to what was good, and nothing goes back to one that was revoked later", async () => {
  const first = await deliver("revoked", "1.0.0");
  const second = await deliver("revoked", "1.1.0");
  const third = await deliver("revoked", "1.2.0");
  const revoke = (one: Delivered) =>
    site.studio(["revoke-release", releaseOf(one), "--reason", "a leaked key"]);
  expect((await revoke(second)).stdout).toContain("nothing goes back to it");
  expect((await revoke(third)).stdout).toContain("takes staging back");
  await site.until(third.trace, inState("staging", "rolled_back"));
  expect(stateIn(await site.status(second.trace), "staging")).toBe("revoked");
  expect(await versionAt(urlOf(third))).toBe("1.0.0");
  await site.until(first.trace, inState("staging", "live"));
});

it("a hotfix overrules the hold and goes the path that policy describes, and is not approved by its sponsor", async () => {
  const approve = async (release: string) => {
    for (const env of [{}, { CONNECTSOFT_TOKEN: await site.ok(["token", "create", "olga"]) }])
      await site.studio(["approve-release", release, "--comment", "looked at it with care"], { env });
  };
  const olga = { env: { CONNECTSOFT_TOKEN: await site.ok(["token", "create", "olga"]) } };
  const one = await deliver("urgent", "1.0.0", "guarded");
  expect(one.code).toBe(3);
  const release = releaseOf(one);
  await approve(release);
  await site.until(one.trace, inState("guarded", "awaiting_approval"));
  const own = await site.studio(["approve-hotfix", release, "--comment", "checkout is down"]);
  expect(own.stderr).toContain("cannot put it on the hotfix path");
  expect(namesOf(await site.events(one.trace))).not.toContain("HotfixApproved");
  expect(
    (await site.studio(["approve-hotfix", release, "--comment", "checkout is down"], olga)).stdout,
  ).toContain("no approval");
  await site.until(one.trace, inState("guarded", "live"));
  expect(JSON.parse(await site.artifact(one.trace, "ReleaseSummary.json"))).toMatchObject({
    verdict: "Approved",
    hotfix: { by: "olga", comment: "checkout is down" },
  });
});

it("the next attempt is put off until a time, and what was rolled back with --revert is taken back in git", async () => {
  await deliver("git", "1.0.0");
  const second = await deliver("git", "1.1.0");
  await site.studio([
    "request-rollback",
    releaseOf(second),
    "--code",
    "data",
    "--reason",
    "lost rows",
    "--revert",
  ]);
  await site.until(second.trace, inState("staging", "rolled_back"));
  const revert = `revert-${second.trace}`;
  await expect
    .poll(async () => (await site.connectsoft(["status", revert])).code, { timeout: 30_000, interval: 500 })
    .toBe(0);
  const followed = await site.follow(revert);
  expect(followed.code).toBe(0);
  const answer = await ask(urlOf(followed));
  expect(JSON.parse(answer.body)).toMatchObject({ name: "git" });
  expect(named(await site.events(second.trace), "RevertBegun")).toHaveLength(1);

  const put = await site.studio([
    "delay-release",
    releaseOf(second),
    "--for",
    "30m",
    "--comment",
    "after the sale",
  ]);
  expect(put.stdout).toContain("goes on by itself then");
  await site.until(second.trace, inState("staging", "cooling_down"));
  const past = await site.studio([
    "delay-release",
    releaseOf(second),
    "--until",
    "2020-01-01T00:00:00Z",
    "--comment",
    "x",
  ]);
  expect(past.stderr).toMatch(/^error InputInvalid: until/);
  only(await site.events(second.trace), "RetryDelayed");
});
