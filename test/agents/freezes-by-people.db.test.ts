import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freezeEvidence } from "../../src/agents/freeze-evidence.ts";
import type { Explanation } from "../../src/domain/delivery/situation.ts";
import { eventName } from "../../src/domain/event/event.ts";
import { verifyJournal } from "../../src/domain/journal/journal-entry.ts";
import { RefusalError } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { type Role, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import type { ListedFreeze } from "../../src/operations/freezes/list-freezes.ts";
import { createLostOverrider } from "../../src/operations/freezes/lost-overrider.ts";
import type { OverrideAnswer } from "../../src/operations/freezes/override-rules.ts";
import type { FreezeAnswer } from "../../src/operations/freezes/set-freeze.ts";
import { explainDelivery } from "../../src/operations/get-delivery.ts";
import type { ApprovalView } from "../../src/operations/studio/approval/get-approval-view.ts";
import type { System } from "../../src/operations/system.ts";
import type { AgentContext, AgentOutcome } from "../../src/ports/agent.ts";
import { digests } from "../support/digests.ts";
import { success } from "../support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

const tenantId = "vetclinic-001";
const releaseId = "release-000001";
let world: TestSystem;
beforeEach(async () => {
  world = await createTestSystem({ EvaluateRelease: evaluate });
});
afterEach(() => world.close());

/** Holds what is frozen, and lets everything else through. */
async function evaluate(context: AgentContext): Promise<AgentOutcome> {
  const environment = context.invocation.environment ?? "";
  const release = { releaseId, version: "1.0.0", environment };
  const frozen = await freezeEvidence(
    { freezes: world.system.freezes, lostOverrider: createLostOverrider(world.system) },
    context,
    {
      ...release,
      digests,
      policy: {},
    },
  );
  if (frozen.active.length === 0 || frozen.passes !== undefined)
    return success(["ReleaseApproved", { ...release, reasons: [], digests: { ...digests } }]);
  const reasons = [{ code: "FreezeActive", message: "frozen" }];
  return {
    status: "Delayed",
    summary: "frozen",
    emits: [{ name: "ReleaseDelayed", data: { ...release, reasons, digests: { ...digests } } }],
    wakeOn: ["RetryDelayed"],
  };
}

async function run<Answer>(name: string, person: string, input: object, system: System = world.system) {
  const operation = catalogue.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return (await operation.run(system, world.as(person), input)) as Answer;
}

const refusalOf = (act: Promise<unknown>) =>
  act.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof RefusalError) return error.refusal.code;
      throw error;
    },
  );

async function people(more: object[], rest: object = {}): Promise<void> {
  const tenant = await world.system.tenants.get(tenantId);
  await world.system.tenants.put(tenantSchema.parse({ ...tenant, people: more, ...rest }), "ada");
}

async function frozenDelivery(): Promise<Subject> {
  await run("setFreeze", "max", { id: "incident", reason: "incident" });
  const subject = await world.deliver();
  await world.until(subject, (_sentence, kind) => kind === "held");
  return subject;
}

const namesOf = async (subject: Subject) => (await world.system.store.events(subject)).map(eventName);

describe("a freeze by command", () => {
  test("is set by a Release Manager alone, and stands in the journal with who set it", async () => {
    for (const person of ["jane", "olga", "ada"])
      expect(await refusalOf(run("setFreeze", person, { reason: "incident" }))).toBe("TenantForbidden");
    const set = await run<FreezeAnswer>("setFreeze", "max", { id: "incident", reason: "incident" });
    expect(set).toMatchObject({ id: "incident", recorded: true });
    expect(
      await run("setFreeze", "max", { id: "incident", reason: "incident", start: set.from.slice(0, 19) }),
    ).toMatchObject({
      recorded: false,
    });
    expect(await refusalOf(run("setFreeze", "max", { id: "incident", reason: "another" }))).toBe("Conflict");
    const entries = await world.system.journal.read(tenantId);
    expect(verifyJournal(entries).intact).toBe(true);
    expect(entries.filter(({ act }) => act === "FreezeSet").map(({ actor }) => actor)).toEqual(["max"]);
    expect(entries.filter(({ act }) => act === "AccessDenied").map(({ actor }) => actor)).toEqual([
      "jane",
      "olga",
      "ada",
    ]);
  });

  test("holds from the moment at which it is set, late in a second too", async () => {
    const late = { ...world.system, clock: createVirtualClock("2027-03-10T12:00:00.900Z") };
    const set = await run<FreezeAnswer>("setFreeze", "max", { id: "incident", reason: "incident" }, late);
    expect(set.from).toBe("2027-03-10T12:00:00.000Z");
  });

  test("in the past is refused, also where the clock was turned back to before it", async () => {
    const clock = createVirtualClock("2027-03-10T12:00:00Z");
    const ahead = { ...world.system, clock };
    const week = { id: "week", reason: "fair", start: "2027-03-01T00:00", end: "2027-03-08T00:00" };
    expect(await refusalOf(run("setFreeze", "max", week, ahead))).toBe("InputInvalid");
    const turnedBack = { ...world.system, clock: createVirtualClock("2027-02-20T12:00:00Z") };
    expect(await refusalOf(run("setFreeze", "max", week, turnedBack))).toBe("InputInvalid");
    expect(await run<ListedFreeze[]>("listFreezes", "jane", {})).toEqual([]);
  });

  test("of a tenant of one person is lifted by that person, and the record says so", async () => {
    await people([{ id: "max", roles: ["ReleaseManager", "StudioAdmin"] }], {
      separationOfDuties: "single-person",
    });
    await run("setFreeze", "max", { id: "incident", reason: "incident" });
    expect(await run("liftFreeze", "max", { id: "incident", reason: "mended" })).toMatchObject({
      lifted: true,
    });
    const last = (await world.system.journal.read(tenantId, { acts: ["FreezeLifted"] })).at(-1);
    expect(last?.data.note).toBe("lifted alone, single person");
  });

  test("that somebody asked to lift is not lifted by a word that is older than a day", async () => {
    await people([
      { id: "jane", roles: ["Developer"] },
      { id: "max", roles: ["ReleaseManager"] },
      { id: "ada", roles: ["StudioAdmin"] },
    ]);
    await run("setFreeze", "max", { id: "incident", reason: "incident" });
    await run("liftFreeze", "max", { id: "incident", reason: "mended" });
    const tomorrow = createVirtualClock(new Date(Date.now() + 25 * 60 * 60_000).toISOString());
    const later = { ...world.system, clock: tomorrow };
    expect(await run("liftFreeze", "ada", { id: "incident", reason: "mended" }, later)).toMatchObject({
      lifted: false,
    });
    expect(await refusalOf(run("liftFreeze", "jane", { id: "incident", reason: "mended" }))).toBe(
      "TenantForbidden",
    );
    expect(await refusalOf(run("liftFreeze", "max", { id: "other", reason: "mended" }))).toBe("NotFound");
  });
});

describe("what a freeze holds", () => {
  test("goes on when tenant.yaml does not declare it any more", async () => {
    const roles: Role[] = ["StudioAdmin", "ReleaseManager", "Developer"];
    const as = world.as;
    world.as = (person) => ({ ...as(person), roles });
    const declared = await world.system.tenants.get(tenantId);
    const freeze = { id: "declared", reason: "audit", start: "2026-01-01T00:00" };
    await people([{ id: "jane", roles }], {
      freezes: [freeze],
      separationOfDuties: "single-person",
    });
    const subject = await world.deliver();
    await world.until(subject, (_sentence, kind) => kind === "held");
    expect(await refusalOf(run("liftFreeze", "jane", { id: "declared", reason: "over" }))).toBe("Conflict");
    const { text } = await world.system.tenants.declaration(tenantId);
    await run("applyTenant", "jane", {
      text: text.replace(/freezes:[\s\S]*?(?=^\w)/m, ""),
      reason: "the audit is over",
    });
    await world.until(subject, (_sentence, kind) => kind !== "held");
    expect(declared.freezes).toEqual([]);
  });

  test("is let pass by nobody who wrote it, and a refused attempt leaves it held", async () => {
    await people([
      { id: "jane", roles: ["Developer", "StudioApprover"], claims: ["override.freeze"] },
      { id: "max", roles: ["ReleaseManager"] },
      { id: "nina", roles: ["Developer"] },
      { id: "ada", roles: ["StudioAdmin"] },
      { id: "olga", roles: ["StudioApprover"], claims: ["override.freeze"], environments: {} },
    ]);
    const subject = await frozenDelivery();
    const system = world.system;
    const ask = (person: string, more: object = {}) =>
      run("overrideFreeze", person, {
        releaseId,
        reason: "the certificate of the bank ends tonight",
        ...more,
      });
    const as = world.as;
    world.as = (person) => ({
      ...as(person),
      roles:
        person === "jane"
          ? ["Developer", "StudioApprover"]
          : person === "nina"
            ? ["Developer"]
            : person === "olga"
              ? ["StudioApprover"]
              : as(person).roles,
    });
    await expect(ask("jane")).rejects.toThrow(
      "FreezeOverrideNotAllowed: jane handed this change over and cannot let it pass a freeze.",
    );
    await expect(ask("ada")).rejects.toThrow(
      /^FreezeOverrideNotAllowed: ada \(StudioAdmin\) may not override a freeze in staging of [\w-]+: A freeze is overridden only with the claim override\.freeze \([^)]*\)\.$/,
    );
    // Whose change it was stays theirs when somebody else takes it over.
    await run("takeOver", "nina", { ...subject, reason: "jane is away" });
    expect(await refusalOf(ask("jane"))).toBe("FreezeOverrideNotAllowed");
    expect(await refusalOf(ask("olga", { reason: "ok" }))).toBe("JustificationMissing");
    expect(await refusalOf(ask("olga", { reason: "\u001b[2J\u001b[2J\u001b[2J\u001b[2J\u001b[2J" }))).toBe(
      "JustificationMissing",
    );
    expect(await refusalOf(ask("olga", { reason: "x".repeat(3_000) }))).toBe("InputInvalid");
    const escalated = (await system.store.events(subject, { names: ["EscalationRaised"] })).map(
      ({ data }) => data.by,
    );
    expect(escalated).toEqual(["jane", "ada", "jane"]);
    // Who may not ask changes nothing: it is held by the freeze as before, and the delivery goes on with the others.
    const held = await explainDelivery(system, world.as("jane"), subject);
    expect(held).toMatchObject({ kind: "held", sentence: expect.stringContaining("FreezeActive") });
    expect((await system.store.load(subject))?.state.instances.delivery?.snapshot.value).toBe("promoting");

    expect(await explainDelivery(system, world.as("olga"), subject)).toMatchObject({
      command: expect.stringMatching(/If it cannot wait: studio override-freeze release-\d+ --reason/),
    });
    await ask("olga", { expires: "1h" });
    const advised = ({ situations }: Explanation) => situations.find(({ kind }) => kind === "held")?.advice;
    const end = "It goes on when incident is lifted, or given an end in tenant.yaml.";
    expect(advised(held)).toBe(
      `${end} If it cannot wait, ask a StudioApprover or StudioAdmin with the claim override.freeze.`,
    );
    for (const person of ["jane", "olga"])
      expect(advised(await explainDelivery(system, world.as(person), subject))).toBe(
        `olga asked to let it pass, which max may confirm. ${end}`,
      );
    expect(advised(await explainDelivery(system, world.as("max"), subject))).toBe(
      `olga asked to let it pass, which you may confirm: studio override-freeze ${releaseId} --confirm`,
    );
    const late = { ...system, clock: createVirtualClock(new Date(Date.now() + 61 * 60_000).toISOString()) };
    expect(await refusalOf(run("confirmFreezeOverride", "max", { releaseId }, late))).toBe("DigestMismatch");
    expect(await namesOf(subject)).not.toContain("FreezeOverridden");
    expect(
      await refusalOf(run("overrideFreeze", "olga", { releaseId: "release-999999", reason: "a".repeat(30) })),
    ).toBe("NotFound");
  });

  test("is offered for an override to the roles alone that the freeze names", async () => {
    const freeze = { id: "audit", reason: "audit", start: "2026-01-01T00:00", mayOverride: ["StudioAdmin"] };
    const claims = ["override.freeze"];
    const approver = { id: "olga", roles: ["StudioApprover"], claims };
    await people([{ id: "jane", roles: ["Developer"] }, approver], { freezes: [freeze] });
    const subject = await world.deliver();
    await world.until(subject, (_sentence, kind) => kind === "held");
    const as = world.as;
    world.as = (person) => ({ ...as(person), ...(person === "olga" && { roles: ["StudioApprover"] }) });
    const { actions } = await run<ApprovalView>("getApprovalView", "olga", { releaseId });
    const why = /^olga may not override the freeze of release-000001: overriding .* takes StudioAdmin\.$/;
    expect(actions.overrideFreeze).toMatchObject({ allowed: false, why: expect.stringMatching(why) });
    const { command } = await explainDelivery(world.system, world.as("olga"), subject);
    expect(command).toMatch(/ask a StudioAdmin with the claim override\.freeze\.$/);
  });

  test("is asked for and confirmed as it was shown, and as nothing else", async () => {
    await people([
      { id: "jane", roles: ["Developer"] },
      { id: "max", roles: ["ReleaseManager"] },
      { id: "olga", roles: ["StudioApprover"], claims: ["override.freeze"] },
    ]);
    const subject = await frozenDelivery();
    const as = world.as;
    world.as = (person) => ({ ...as(person), ...(person === "olga" && { roles: ["StudioApprover"] }) });
    const other = { ...digests, artifact: `sha256:${"9".repeat(64)}` };
    const reason = "the certificate of the bank ends tonight";
    const ask = (more: object) =>
      run<OverrideAnswer>("overrideFreeze", "olga", { releaseId, reason, ...more });
    expect(await refusalOf(ask({ digests: other }))).toBe("DigestMismatch");
    expect(await namesOf(subject)).not.toContain("FreezeOverrideRequested");

    const actions = async (person: string) =>
      (await run<ApprovalView>("getApprovalView", person, { releaseId })).actions;
    const closed = (why: RegExp) => ({ allowed: false, why: expect.stringMatching(why) });
    expect(await actions("olga")).toMatchObject({
      overrideFreeze: { allowed: true },
      confirmFreezeOverride: closed(/Nobody has asked/),
    });
    expect(await actions("max")).toMatchObject({ overrideFreeze: closed(/max/) });
    expect(await actions("jane")).toMatchObject({
      overrideFreeze: closed(/jane/),
      overrideCve: closed(/jane/),
    });

    const first = await ask({ expires: "1h", digests });
    const second = await ask({ expires: "2h", digests });
    expect(await run("listConfirmations", "max", {})).toMatchObject([
      { kind: "freeze-override", id: releaseId, yours: true },
    ]);
    expect(await actions("max")).toMatchObject({ confirmFreezeOverride: { allowed: true } });
    expect(await actions("olga")).toMatchObject({ confirmFreezeOverride: closed(/second person/) });
    const confirm = ({ expiresAt }: OverrideAnswer, shown: object = digests) =>
      run("confirmFreezeOverride", "max", { releaseId, shown: { by: "olga", expiresAt, digests: shown } });
    // The window was opened before olga asked for longer.
    expect(await refusalOf(confirm(first))).toBe("DigestMismatch");
    expect(await refusalOf(confirm(second, other))).toBe("DigestMismatch");
    expect(await namesOf(subject)).not.toContain("FreezeOverridden");
    expect(await confirm(second)).toMatchObject({ confirmed: true });
  });
});
