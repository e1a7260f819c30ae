/** What people decide, and what keeps them from deciding it: a tenant with several of them, each with a token. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { named, namesOf, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";
import { processesOf } from "./support/processes.ts";

const tenant = `
id: local
people:
  - { id: ${userInfo().username}, roles: [StudioAdmin, DevOpsEngineer, Developer] }
  - { id: jane, roles: [Developer, ProductOwner] }
  - { id: sam, roles: [Developer] }
  - { id: max, roles: [ReleaseManager] }
  - { id: olga, roles: [ProductOwner] }
environments: [{ id: staging }, { id: soak }, { id: preview }, { id: guarded }, { id: production }]
releasePolicy:
  environments:
    soak: { minDelayBeforeDeploy: 3s }
    preview: { requiresApproval: true, requireJustification: true }
    guarded: { requiresApproval: true, minDelayBeforeDeploy: 4s }
    production: { requiresApproval: true, minApprovers: 2 }
`;

let site: Installation;
const tokens: Record<string, string> = {};
const as = (person: string) => ({ env: { CONNECTSOFT_TOKEN: tokens[person] ?? "" } });

beforeAll(async () => {
  site = await createInstallation();
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant);
  expect(await site.ok(["tenant", "apply", file])).toMatch(
    /^local is at version 2 \(self-approved, single person\)\.\n/,
  );
  for (const person of ["jane", "sam", "max", "olga"])
    tokens[person] = await site.ok(["token", "create", person]);
});
afterAll(() => site.close());

/** Jane hands it over; it waits. */
async function propose(id: string, environment: string, yaml = ""): Promise<Delivered & { release: string }> {
  const delivered = await site.deliver(
    await writeModule(site.desk, { id, yaml }),
    ["--env", environment],
    as("jane"),
  );
  return { ...delivered, release: String(only(delivered.events, "ReleaseProposed").data.releaseId) };
}

const approve = (person: string, release: string, comment = "looked at the change and its tests") =>
  site.studio(["approve-release", release, "--comment", comment], as(person));

const statesIn = (status: DeliveryStatus, name: string) =>
  status.instances.find(({ instance }) => instance === name)?.states;

it("keeps who may not decide from deciding, records that they tried, and goes on waiting", async () => {
  const { code, trace, release } = await propose("duties", "preview");
  expect(code).toBe(3);

  const own = await approve("jane", release);
  expect(own).toMatchObject({ code: 2, stdout: "" });
  expect(own.stderr).toMatch(
    /^error SelfApproval: jane handed this change over.*\nnext: Ask one of: max, olga\./,
  );
  const wrong = await approve("sam", release);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^error UnauthorizedApprover: sam .*ProductOwner or ReleaseManager.*\nnext: /);
  const mute = await approve("max", release, "ok");
  expect(mute.code).toBe(2);
  expect(mute.stderr).toMatch(/^error JustificationMissing: .*\nnext: /);
  const nobody = await site.studio(["approve-release", release], {
    env: { CONNECTSOFT_TOKEN: "cst_unknown" },
  });
  expect(nobody.code).toBe(2);
  expect(nobody.stderr).toMatch(/^error TokenUnknown: .*\nnext: /);

  const voided = named(await site.events(trace), "ApprovalVoided").map(({ data }) => [data.by, data.code]);
  expect(voided).toEqual([
    ["jane", "SelfApproval"],
    ["sam", "UnauthorizedApprover"],
    ["max", "JustificationMissing"],
  ]);
  expect(statesIn(await site.status(trace), "preview")).toEqual(["awaiting_approval"]);
  expect((await site.studio(["pending"], as("sam"))).stdout).toContain(
    "not you: sam holds none of the roles",
  );

  expect((await approve("olga", release)).code).toBe(0);
  expect((await site.follow(trace)).code).toBe(0);
});

it("asks as many people as the policy says, each once", async () => {
  const { trace, release } = await propose("quorum", "production");
  const first = await approve("olga", release);
  expect(first.stdout).toContain("still needs 1 more approval");
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "awaiting_approval");
  expect((await approve("olga", release)).stdout).toContain("This vote was there already");
  expect(namesOf(await site.events(trace))).not.toContain("DeploymentStarted");
  expect(await site.ok(["explain", trace])).toMatch(
    /waits for an approval by ProductOwner or ReleaseManager/,
  );

  expect((await approve("max", release)).stdout).toContain("goes on to production");
  const { code, events } = await site.follow(trace);
  expect(code).toBe(0);
  const approved = only(events, "ReleaseApproved").data.approvedBy;
  expect(approved).toMatchObject([
    { by: "olga", role: "ProductOwner" },
    { by: "max", role: "ReleaseManager" },
  ]);
  const records = parse(await site.artifact(trace, "ApprovalRecords.yaml"));
  expect(
    records.map(({ approvedBy, counts }: { approvedBy: string; counts: boolean }) => [approvedBy, counts]),
  ).toEqual([
    ["olga", true],
    ["max", true],
  ]);
  const late = await approve("max", release);
  expect(late.code).toBe(2);
  expect(late.stderr).toMatch(/^error Conflict: .* does not wait for a decision now\.\nnext: /);
});

it("ends a release that a person rejects, with their words", async () => {
  const { trace, release } = await propose("rejected", "production");
  const without = await site.studio(["reject-release", release], as("max"));
  expect(without.code).toBe(2);
  const rejection = await site.studio(
    ["reject-release", release, "--comment", "the price is wrong"],
    as("max"),
  );
  expect(rejection).toMatchObject({ code: 0, stderr: "" });
  const { code, events } = await site.follow(trace);
  expect(code).toBe(4);
  expect(only(events, "ReleaseRejected").data.reasons).toMatchObject([
    { code: "ApprovalRefused", message: expect.stringContaining("the price is wrong") },
  ]);
  expect(namesOf(events)).not.toContain("DeploymentStarted");
  expect(await site.ok(["explain", trace])).toContain("the price is wrong");
});

it("does not count votes on what has changed since, and asks again for what is there now", async () => {
  const { trace, release } = await propose("changed", "production");
  await approve("olga", release);
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "awaiting_approval");
  await site.ok(["config", "set", "GREETING=hello", "--env", "production", "--module", "changed"]);
  await expect.poll(async () => named(await site.events(trace), "ApprovalVoided").length).toBe(1);
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "awaiting_approval");
  const after = await site.events(trace);
  const voided = named(after, "ApprovalVoided").map(({ data }) => [data.by, data.code, data.message]);
  expect(voided).toEqual([["olga", "DigestMismatch", expect.stringContaining("configuration")]]);
  expect(namesOf(after)).not.toContain("DeploymentStarted");

  for (const change of [
    ["unset", "GREETING"],
    ["set", "GREETING=hello"],
  ]) {
    const requests = async () => named(await site.events(trace), "ApprovalRequested").length;
    const before = await requests();
    await site.ok(["config", ...change, "--env", "production", "--module", "changed"]);
    await expect.poll(requests).toBe(before + 1);
  }
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "awaiting_approval");
  await approve("max", release);
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "awaiting_approval");
  await approve("olga", release);
  const { code, events } = await site.follow(trace);
  expect(code).toBe(0);
  const { url } = only(events, "DeploymentCompleted").data;
  expect(JSON.parse((await ask(String(url))).body)).toMatchObject({ greeting: "hello" });
});

describe("a delay before a deployment", () => {
  it("is waited out, and then it goes on by itself", async () => {
    const folder = await writeModule(site.desk, { id: "soaked" });
    const { code, events } = await site.deliver(folder, ["--env", "soak"], as("jane"));
    expect(code).toBe(0);
    expect(only(events, "ReleaseDelayed").data.reasons).toMatchObject([{ code: "DelayNotElapsed" }]);
    const began = Date.parse(only(events, "ReleaseProposed").time);
    expect(Date.parse(only(events, "DeploymentStarted").time) - began).toBeGreaterThanOrEqual(3_000);
  });

  it("does not carry an approval over a change that comes in the meantime", async () => {
    const { trace, release } = await propose("overtaken", "guarded");
    await approve("max", release);
    await site.until(trace, (status) => statesIn(status, "guarded")?.[0] === "delayed");
    await site.ok(["config", "set", "GREETING", "late", "--env", "guarded", "--module", "overtaken"]);
    await site.until(trace, (status) => statesIn(status, "guarded")?.[0] === "awaiting_approval");
    const between = await site.events(trace);
    expect(named(between, "ApprovalVoided").map(({ data }) => [data.by, data.code])).toEqual([
      ["max", "DigestMismatch"],
    ]);
    expect(namesOf(between)).not.toContain("DeploymentStarted");
    await approve("max", release);
    const { code, events } = await site.follow(trace);
    expect(code).toBe(0);
    const { url } = only(events, "DeploymentCompleted").data;
    expect(JSON.parse((await ask(String(url))).body)).toMatchObject({ greeting: "late" });
  });
});

describe("a secret", () => {
  const value = "correct-horse-battery-staple";
  const needs = "needs: { secrets: [TOKEN] }\n";

  it("holds the release that needs it until it is set, from standard input", async () => {
    const { code, trace, events } = await propose("guarding", "staging", needs);
    expect(code).toBe(3);
    expect(only(events, "ReleaseDelayed").data.reasons).toMatchObject([{ code: "SecretsMissing" }]);
    const explained = await site.ok(["explain", trace]);
    expect(explained).toContain("TOKEN");
    expect(explained).toMatch(/^next: Set it: connectsoft secret set TOKEN --env staging/m);
    expect(explained).not.toContain("approve-release");
    const empty = await site.connectsoft(["secret", "set", "TOKEN", "--env", "staging"], { ...as("jane") });
    expect(empty.code).toBe(2);
    expect(empty.stderr).toMatch(/^error InputInvalid: TOKEN: standard input holds no value\.\nnext: /);

    await site.ok(["secret", "set", "TOKEN", "--env", "staging"], { input: `${value}\n`, ...as("jane") });
    const { code: done, events: after } = await site.follow(trace);
    expect(done).toBe(0);
    expect((await ask(String(only(after, "DeploymentCompleted").data.url))).status).toBe(200);
    expect(await site.ok(["secret", "ls", "--env", "staging"])).toMatch(/^TOKEN +\S+$/);
  });

  it("is nowhere to be read: not in events, memory, logs, answers or command lines", async () => {
    const leaky = {
      id: "leaky",
      yaml: needs,
      files: { "server.js": `console.error("cannot log in with " + process.env.TOKEN);\nprocess.exit(9);\n` },
    };
    const { code, trace, stdout } = await site.deliver(
      await writeModule(site.desk, leaky),
      ["--env", "staging"],
      as("jane"),
    );
    expect(code).toBe(4);
    expect(stdout).toContain("cannot log in with [redacted]");
    const exported = path.join(site.desk, "everything");
    await site.ok(["memory", "export", exported]);
    const said = [
      stdout,
      await site.ok(["timeline", trace, "--all"]),
      await site.ok(["explain", trace, "--json"]),
      await site.ok(["secret", "ls", "--env", "staging", "--json"]),
      ...processesOf(site.home).map(({ command }) => command),
    ];
    for (const text of said) expect(text).not.toContain(value);
    expect(filesWith(exported, value)).toEqual([]);
    // What a service prints itself is its own affair; it is taken out where its log is read.
    const own = /^target\/services\/.*\/output\.\d+\.log$/;
    const found = filesWith(site.home, value).map((file) => path.relative(site.home, file));
    expect(found.filter((file) => !own.test(file))).toEqual([]);
    for (const file of found) expect(statSync(path.join(site.home, file)).mode & 0o077, file).toBe(0);
  });
});

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}
