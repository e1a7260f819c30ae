/** Releases in a freeze, as people meet them: held, explained, let pass by two people, and going on by themselves. */
import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { named, namesOf, only } from "./support/events.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const tenant = `
id: local
people:
  - { id: ${userInfo().username}, roles: [StudioAdmin, DevOpsEngineer, Developer] }
  - { id: jane, roles: [Developer, ReleaseManager] }
  - { id: sam, roles: [StudioApprover] }
  - { id: ada, roles: [StudioApprover], claims: [override.freeze] }
  - { id: max, roles: [ReleaseManager] }
  - { id: rita, roles: [ReleaseManager] }
environments: [{ id: staging }, { id: production }, { id: guarded }]
releasePolicy: { environments: { production: { requiresApproval: false }, guarded: { requiresApproval: true } } }
freezes:
  - id: past
    reason: the year 2000
    start: 1999-12-31T00:00
    end: 2000-01-02T00:00
`;

let site: Installation;
const tokens: Record<string, string> = {};
const as = (person: string) => ({ env: { CONNECTSOFT_TOKEN: tokens[person] ?? "" } });

beforeAll(async () => {
  site = await createInstallation();
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant);
  await site.ok(["tenant", "apply", file]);
  for (const person of ["jane", "sam", "ada", "max", "rita"])
    tokens[person] = await site.ok(["token", "create", person]);
});
afterAll(() => site.close());

async function deliver(id: string, environment: string): Promise<Delivered & { release: string }> {
  const folder = await writeModule(site.desk, { id });
  const delivered = await site.deliver(folder, ["--env", environment], as("jane"));
  return { ...delivered, release: String(only(delivered.events, "ReleaseProposed").data.releaseId) };
}

const statesIn = (status: DeliveryStatus, name: string) =>
  status.instances.find(({ instance }) => instance === name)?.states;

const freeze = (person: string, ...args: string[]) => site.connectsoft(["freeze", ...args], as(person));
const override = (person: string, release: string, ...args: string[]) =>
  site.studio(["override-freeze", release, ...args], as(person));

it("holds a release for everyone, lets it pass by role, claim, reason and second person, and records who tried", async () => {
  const scope = ["--env", "production", "--module", "payments"];
  const denied = await freeze("sam", "set", "--reason", "incident at the bank", ...scope);
  expect(denied).toMatchObject({ code: 2, stdout: "" });
  const set = await freeze(
    "max",
    "set",
    "--id",
    "bank",
    "--reason",
    "incident at the bank",
    "--zone",
    "Europe/Berlin",
    ...scope,
  );
  expect(set.stderr).toBe("");
  expect(set.stdout).toMatch(/^bank holds releases from \w{3} [-\d]+ [:\d]+ Europe\/Berlin, with no end\./);

  const { trace, release } = await deliver("payments", "production");
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "delayed");
  const why = await site.ok(["explain", trace], as("ada"));
  expect(why).toContain(
    "FreezeActive: production of local is frozen and no end is set (incident at the bank).",
  );
  expect(why).toContain(`studio override-freeze ${release}`);
  expect(await site.ok(["explain", trace], as("sam"))).toContain("ask a StudioApprover");

  const reason = ["--reason", "the bank ends our old certificate tonight"];
  expect((await override("sam", release, ...reason)).stderr).toMatch(
    /^error FreezeOverrideNotAllowed: sam \([^)]*\) may not override a freeze in production of local: [^\n]*claim override\.freeze[^\n]*\nnext: Ask a StudioApprover/s,
  );
  expect((await override("max", release, ...reason)).stderr).toMatch(/^error FreezeOverrideNotAllowed: max /);
  expect((await override("ada", release, "--reason", "please please ok")).stderr).toMatch(
    /^error JustificationMissing: /,
  );
  expect((await override("ada", release, ...reason, "--expires", "9h")).stderr).toMatch(
    /^error InputInvalid: expires: an override in production holds 8h at most/,
  );
  expect((await override("max", release, "--confirm")).stderr).toMatch(/^error Conflict: Nobody has asked/);

  const asked = await override("ada", release, ...reason, "--expires", "30m");
  expect(asked).toMatchObject({ code: 0, stderr: "" });
  expect(asked.stdout).toMatch(
    /frozen +with no end \(incident at the bank\)[\s\S]*artifact[\s\S]*stays held until a ReleaseManager confirms \(max, rita\)/,
  );
  for (const [person, words] of [
    ["ada", "may not"],
    ["jane", "jane handed this change over"],
    ["sam", "may not"],
  ] as const)
    expect((await override(person, release, "--confirm")).stderr).toMatch(
      new RegExp(`^error FreezeOverrideNotAllowed: .*${words}`),
    );
  expect(statesIn(await site.status(trace), "production")).toEqual(["delayed"]);

  // What was asked for is not what would go out now.
  await site.ok(["config", "set", "GREETING=hello", "--env", "production", "--module", "payments"]);
  const verdicts = async () => named(await site.events(trace), "ReleaseDelayed").length;
  await expect.poll(verdicts).toBe(2);
  expect((await override("max", release, "--confirm")).stderr).toMatch(
    /^error DigestMismatch: What ada asked for is not what would be let pass: changed since then: configuration\./,
  );
  expect((await override("ada", release, ...reason, "--expires", "30m")).code).toBe(0);
  const confirmed = await override("max", release, "--confirm");
  expect(confirmed).toMatchObject({ code: 0, stderr: "" });
  const done = await site.follow(trace);
  expect(done.code).toBe(0);
  expect(only(done.events, "FreezeOverridden").data).toMatchObject({
    by: "ada",
    confirmedBy: "max",
    freezes: ["bank"],
    releaseId: release,
  });
  const escalated = named(done.events, "EscalationRaised").map(({ data }) => data.by);
  expect(escalated).toEqual(["sam", "max", "ada", "jane", "sam"]);
  const summary = JSON.parse(await site.artifact(trace, "ReleaseSummary.json"));
  expect(summary.gates.find(({ gate }: { gate: string }) => gate === "freeze")).toMatchObject({
    status: "Passed",
    evidence: expect.stringContaining("overridden by ada, confirmed by max"),
  });
});

it("ends a freeze by the word of two people, and what it held goes on at once", async () => {
  await freeze(
    "max",
    "set",
    "--id",
    "stocktaking",
    "--reason",
    "stocktaking",
    "--env",
    "production",
    "--module",
    "stock",
  );
  const { trace } = await deliver("stock", "production");
  await site.until(trace, (status) => statesIn(status, "production")?.[0] === "delayed");
  const lift = (person: string) => freeze(person, "lift", "stocktaking", "--reason", "counted");
  expect((await lift("max")).stdout).toMatch(/stocktaking still holds: lifting it takes a second person/);
  expect((await lift("max")).stdout).toMatch(/still holds/);
  expect((await freeze("max", "list")).stdout).toMatch(/max wants it lifted \(counted\)/);
  expect((await lift("sam")).code).toBe(2);
  expect(statesIn(await site.status(trace), "production")).toEqual(["delayed"]);
  expect((await lift("rita")).stdout).toMatch(/^stocktaking is lifted/);
  expect((await site.follow(trace)).code).toBe(0);
});

it("asks people for their approval while it holds, and says that it does", async () => {
  await freeze("max", "set", "--reason", "an audit", "--env", "guarded", "--module", "audited");
  const { trace, release, code } = await deliver("audited", "guarded");
  expect(code).toBe(3);
  expect(await site.ok(["explain", trace])).toMatch(
    /waits for an approval[\s\S]*guarded of local is frozen and no end is set \(an audit\)/,
  );
  const approval = await site.studio(
    ["approve-release", release, "--comment", "looked at the change and its tests"],
    as("max"),
  );
  expect(approval.stdout).toMatch(
    /has every approval\. Something else held it .*: guarded of local is frozen/,
  );
});

it("goes on by itself when the window ends", async () => {
  const { trace, release } = await deliver("window", "guarded");
  await freeze(
    "max",
    "set",
    "--reason",
    "a short window",
    "--env",
    "guarded",
    "--module",
    "window",
    "--for",
    "15s",
  );
  const approval = await site.studio(
    ["approve-release", release, "--comment", "looked at the change and its tests"],
    as("max"),
  );
  expect(approval).toMatchObject({ code: 0, stderr: "" });
  const done = await site.follow(trace);
  expect(done.code).toBe(0);
  const { until } = only(done.events, "ReleaseDelayed").data;
  const started = only(done.events, "DeploymentStarted");
  expect(Date.parse(started.time)).toBeGreaterThanOrEqual(Date.parse(String(until)));
  const names = namesOf(done.events);
  expect(names.indexOf("ReleaseDelayed")).toBeGreaterThan(names.indexOf("ApprovalGranted"));
});

it("refuses a freeze in the past, and shows one in a file as over", async () => {
  const past = await freeze(
    "max",
    "set",
    "--reason",
    "too late",
    "--from",
    "2020-01-01 00:00",
    "--to",
    "2020-02-01 00:00",
  );
  expect(past.code).toBe(2);
  expect(past.stderr).toMatch(/^error InputInvalid: .*would hold nothing: its last window ended before/);
  const elsewhere = await freeze("max", "set", "--reason", "a slip", "--env", "prodution");
  expect(elsewhere.stderr).toMatch(/^error InputInvalid: environments: prodution is no environment of local/);
  expect((await freeze("max", "list")).stdout).toMatch(
    /over {2}past {2}the year 2000\n {2}holds nothing any more/,
  );
});

it("takes a calendar, and what it cannot take is said", async () => {
  const file = path.join(site.desk, "calendar.ics");
  const event = (lines: string) =>
    `BEGIN:VEVENT\r\n${lines.trim().replaceAll(/\n\s*/g, "\r\n")}\r\nEND:VEVENT\r\n`;
  await writeFile(
    file,
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n${event(`UID:1@bank
      SUMMARY:Year-end closing
      DTSTART;TZID=Europe/Berlin:20981218T170000
      DTEND;TZID=Europe/Berlin:20990104T070000`)}${event(`UID:2@bank
      SUMMARY:Every hour
      DTSTART:20981218T170000Z
      DURATION:PT10M
      RRULE:FREQ=HOURLY`)}END:VCALENDAR\r\n`,
  );
  const read = await freeze("max", "import", file, "--env", "production");
  expect(read.stdout).toMatch(
    /^ics-\w{12} holds releases from Thu 2098-12-18 17:00 until Sun 2099-01-04 07:00 Europe\/Berlin\.\nleft out: Every hour: rrule: FREQ: expected DAILY, WEEKLY, MONTHLY, YEARLY$/m,
  );
  expect((await freeze("max", "import", file, "--env", "production")).stdout).toContain("It stood already.");
});
