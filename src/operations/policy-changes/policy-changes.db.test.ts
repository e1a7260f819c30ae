import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { verifyJournal } from "../../domain/journal/journal-entry.ts";
import { RefusalError } from "../../domain/refusal.ts";
import { effectivePolicy } from "../../domain/release/effective-policy.ts";
import { tenantSchema } from "../../domain/tenant/tenant.ts";
import { catalogue } from "../catalogue.ts";
import type { Proposed } from "./change-policy.ts";
import type { Applied } from "./declared.ts";
import type { ListedProposal, PolicyVersion } from "./list-policies.ts";
import type { PolicyDiff, ShownPolicy } from "./look-at-policy.ts";

const tenantId = "vetclinic-001";
const reason = "two people shall look at production from now on";
const twoApprovers = `releasePolicy:
  environments:
    production: { requiresApproval: true, minApprovers: 2, roles: [ReleaseManager, ProductOwner, StudioAdmin] }
`;

let world: TestSystem;
beforeEach(async () => {
  world = await createTestSystem();
});
afterEach(() => world.close());

async function run<Answer>(name: string, person: string, input: object = {}): Promise<Answer> {
  const operation = catalogue.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return (await operation.run(world.system, world.as(person), input)) as Answer;
}

const refusalOf = async (act: Promise<unknown>) =>
  act.then(
    () => {
      throw new Error("nothing was refused");
    },
    (error) => {
      if (error instanceof RefusalError) return error.refusal;
      throw error;
    },
  );

const propose = (person: string, text = twoApprovers) =>
  run<Proposed>("proposePolicy", person, { text, reason });
const acts = async () =>
  (await world.system.journal.read(tenantId))
    .filter(({ act }) => act.startsWith("Policy"))
    .map(({ act, actor }) => `${act} by ${actor}`);
const production = async () => effectivePolicy(await world.system.tenants.get(tenantId), "production");

describe("a change of release policy", () => {
  test("holds when a second person has confirmed it, and every step is on record", async () => {
    const { proposal, mayConfirm, changes } = await propose("max");
    expect(mayConfirm).toEqual(["ada"]);
    expect(changes).toContain("production: ada may approve now and could not before");
    expect(changes).toContain("production: minApprovers: 1 -> 2 (stricter)");
    expect((await production()).minApprovers).toBe(1);
    const applied = await run<Applied>("confirmPolicy", "ada", { proposal });
    expect(applied).toMatchObject({ version: 2, how: "second person" });
    expect((await production()).minApprovers).toBe(2);
    expect(await acts()).toEqual(["PolicyProposed by max", "PolicyConfirmed by ada", "PolicyApplied by ada"]);
    expect(verifyJournal(await world.system.journal.read(tenantId))).toMatchObject({ intact: true });
    const [newest] = await run<PolicyVersion[]>("policyHistory", "jane");
    expect(newest).toMatchObject({ version: 2, by: "ada", proposedBy: "max", reason, proposal });
  });

  test("has the releases looked at again that wait under the policy of before", async () => {
    const subject = await world.deliver();
    await world.until(subject, (_sentence, kind) => kind === "waiting");
    const { proposal } = await propose("max");
    await run("confirmPolicy", "ada", { proposal });
    const woken = await world.system.store.events(subject, { names: ["RetryDelayed"] });
    expect(woken.map(({ environment, data }) => [environment, data.by, data.reason])).toEqual([
      ["production", "ada", "releasePolicy changed with version 2 of the declaration"],
    ]);
  });

  test("is not confirmed by the person who proposed it, nor by one who may not", async () => {
    const { proposal } = await propose("ada");
    expect((await refusalOf(run("confirmPolicy", "ada", { proposal }))).code).toBe("SelfApproval");
    expect((await refusalOf(run("confirmPolicy", "jane", { proposal }))).code).toBe("TenantForbidden");
    expect((await refusalOf(propose("olga"))).code).toBe("TenantForbidden");
    const denied = await world.system.journal.read(tenantId, { acts: ["AccessDenied"] });
    expect(denied.map(({ actor }) => actor)).toEqual(["ada", "jane", "olga"]);
    expect((await production()).minApprovers).toBe(1);
    expect((await run<Applied>("confirmPolicy", "max", { proposal })).version).toBe(2);
  });

  test("is refused where something else holds by then", async () => {
    const first = await propose("max");
    const second = await propose("max", twoApprovers.replace("minApprovers: 2", "minApprovers: 1"));
    await run("confirmPolicy", "ada", { proposal: first.proposal });
    const refusal = await refusalOf(run("confirmPolicy", "ada", { proposal: second.proposal }));
    expect(refusal).toMatchObject({ code: "Conflict" });
    expect(refusal.message).toContain("was made of version 1 and version 2 holds by now");
    expect((await production()).minApprovers).toBe(2);
  });

  test("is applied once where two confirm it at the same moment", async () => {
    const people = [
      { id: "ada", roles: ["StudioAdmin"] },
      { id: "eve", roles: ["StudioAdmin"] },
      { id: "max", roles: ["ReleaseManager"] },
    ];
    const { system } = world;
    await system.tenants.put(tenantSchema.parse({ ...(await system.tenants.get(tenantId)), people }), "ada");
    const { proposal } = await propose("max", twoApprovers.replace("minApprovers: 2", "minApprovers: 1"));
    const eve = { ...world.as("ada"), person: "eve" };
    const confirm = catalogue.find(({ name }) => name === "confirmPolicy");
    const both = await Promise.allSettled([
      run("confirmPolicy", "ada", { proposal }),
      confirm?.run(system, eve, { proposal }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await acts()).filter((act) => act.startsWith("PolicyApplied"))).toHaveLength(1);
  });

  test("goes on where the server ended between the confirmation and the change", async () => {
    const { proposal } = await propose("max");
    await world.system.journal.append(tenantId, [
      { act: "PolicyConfirmed", actor: "ada", data: { proposal, comment: "" } },
    ]);
    expect((await run<Applied>("confirmPolicy", "ada", { proposal })).version).toBe(2);
    expect((await refusalOf(run("confirmPolicy", "ada", { proposal }))).code).toBe("Conflict");
  });

  test("can be rejected with a reason, and taken back by who proposed it", async () => {
    const first = await propose("max");
    expect((await refusalOf(run("rejectPolicy", "ada", { ...first, reason: "ok" }))).code).toBe(
      "JustificationMissing",
    );
    const why = "the release managers are too few for that";
    await run("rejectPolicy", "ada", { proposal: first.proposal, reason: why });
    const second = await propose("max");
    await run("rejectPolicy", "max", { proposal: second.proposal, reason: "it names the wrong roles" });
    expect((await refusalOf(run("confirmPolicy", "ada", { proposal: first.proposal }))).message).toContain(
      "was rejected by ada",
    );
    const listed = await run<ListedProposal[]>("listPolicyProposals", "jane");
    expect(listed.map(({ is }) => is)).toMatchObject([
      { state: "rejected", by: "max" },
      { state: "rejected", by: "ada", comment: why },
    ]);
  });

  test("expires", async () => {
    const { proposal } = await propose("max");
    const later = new Date(Date.now() + 8 * 24 * 60 * 60 * 1_000);
    world.system.clock = { ...world.system.clock, now: () => later };
    const refusal = await refusalOf(run("confirmPolicy", "ada", { proposal }));
    expect(refusal.message).toMatch(/expired at /);
  });

  test("needs a reason that says something", async () => {
    const refusal = await refusalOf(run("proposePolicy", "max", { text: twoApprovers, reason: "ok" }));
    expect(refusal.code).toBe("JustificationMissing");
  });

  test("is void when who proposed it is not there any more", async () => {
    const { proposal } = await propose("max");
    const { system } = world;
    const tenant = await system.tenants.get(tenantId);
    const people = tenant.people.filter(({ id }) => id !== "max");
    await system.tenants.put({ ...tenant, people }, "ada");
    const refusal = await refusalOf(run("confirmPolicy", "ada", { proposal }));
    expect(["SelfApproval", "Conflict"]).toContain(refusal.code);
    expect(refusal.message).toContain("max, who proposed");
  });

  test("that contradicts itself or locks everyone out is refused by name", async () => {
    const nobody =
      "releasePolicy: { environments: { production: { requiresApproval: true, roles: [SecurityReviewer] } } }";
    const refusal = await refusalOf(propose("max", nobody));
    expect(refusal.code).toBe("PolicyInvalid");
    expect(refusal.message).toContain(
      "nobody could release production: it asks for SecurityReviewer, and only no one may approve",
    );
    const denied = await world.system.journal.read(tenantId, { acts: ["AccessDenied"] });
    expect(denied.map(({ actor, data }) => [actor, data.operation, data.code])).toEqual([
      ["max", "proposePolicy", "PolicyInvalid"],
    ]);
    const wrong = await refusalOf(propose("max", twoApprovers.replace("minApprovers", "minAprovers")));
    expect(wrong.message).toContain('policy.yaml:3:43 unknown key "minAprovers"');
  });
});

describe("a declaration", () => {
  const declared = async () => (await world.system.tenants.declaration(tenantId)).text;

  test("that changes people is a StudioAdmin's, and proposed to a second person", async () => {
    const text = (await declared()).replace(
      "- id: olga",
      "- id: oleg\n    roles: [ProductOwner]\n  - id: olga",
    );
    expect((await refusalOf(run("proposePolicy", "max", { text, reason }))).code).toBe("TenantForbidden");
    const { proposal, mayConfirm, changes } = await run<Proposed>("applyTenant", "ada", { text });
    expect(mayConfirm).toEqual(["max"]);
    expect(changes).toEqual([
      "oleg comes in as ProductOwner",
      "production: oleg may approve now and could not before",
    ]);
    await run("confirmPolicy", "max", { proposal });
    expect((await world.system.tenants.get(tenantId)).people.map(({ id }) => id)).toContain("oleg");
  });

  test("that changes no policy holds at once", async () => {
    const text = `${await declared()}\nkeep:\n  releases: 5\n`.replace(/keep:\n {2}releases: 10\n/, "");
    expect(await run("applyTenant", "ada", { text })).toMatchObject({ how: "no policy in it", version: 2 });
  });

  test("of one person holds at once, and the record says so", async () => {
    const { system } = world;
    const tenant = await system.tenants.get(tenantId);
    const people = [{ id: "ada", roles: ["StudioAdmin" as const, "ReleaseManager" as const] }];
    await system.tenants.put({ ...tenant, people }, "ada");
    const text = (await declared()).replace("minApprovers: 1", "minApprovers: 1");
    const stricter = `${text}\nnaming:\n  resources: "^a"\n`.replace("naming: {}\n", "");
    const applied = await run<Applied>("applyTenant", "ada", { text: stricter });
    expect(applied.how).toBe("self-approved, single person");
    expect(await acts()).toEqual(["PolicyApplied by ada"]);
  });

  test("without a StudioAdmin is refused", async () => {
    const text = (await declared()).replace("- StudioAdmin", "- Auditor");
    const refusal = await refusalOf(run("applyTenant", "ada", { text }));
    expect(refusal).toMatchObject({ code: "PolicyInvalid" });
  });
});

describe("looking at policy", () => {
  test("tells what a file, or one version after another, changes", async () => {
    const file = await run<PolicyDiff>("diffPolicy", "jane", { text: twoApprovers });
    expect(file).toMatchObject({ from: "version 1", to: "policy.yaml" });
    const { proposal } = await propose("max");
    await run("confirmPolicy", "ada", { proposal });
    const versions = await run<PolicyDiff>("diffPolicy", "jane", { from: 1, to: 2 });
    expect(versions.lines).toEqual(file.lines);
    expect((await run<PolicyDiff>("diffPolicy", "jane", { from: 2, to: 1 })).lines).toContain(
      "production: minApprovers: 2 -> 1 (looser)",
    );
  });

  test("shows what holds, where it is declared, and where two places disagree", async () => {
    const both = `${twoApprovers}securityPolicy:
  requireApprovalFor: [{ environment: production, roles: [ReleaseManager, ProductOwner, StudioAdmin, Developer] }]
  requireSignedImages: true
`;
    const { proposal } = await propose("max", both);
    await run("confirmPolicy", "ada", { proposal });
    const shown = await run<ShownPolicy>("showPolicy", "jane", { environment: "production" });
    expect(shown.sources).toMatchObject({
      minApprovers: "releasePolicy.environments.production",
      requireSignedImages: "securityPolicy",
    });
    expect(shown.notes).toHaveLength(1);
    expect((await refusalOf(run("showPolicy", "jane", { environment: "nowhere" }))).code).toBe(
      "InvalidNamespaceAccess",
    );
  });
});

describe("compliance mode", () => {
  test("is switched on by one StudioAdmin, and off by two people", async () => {
    const on = await refusalOf(run("setCompliance", "ada", { on: true, moduleId: "billing", reason }));
    expect(on.message).toMatch(
      /nobody could release billing in production: it asks for 2 of .*each in another role/,
    );
    const { system } = world;
    const tenant = await system.tenants.get(tenantId);
    const people = [...tenant.people, { id: "sven", roles: ["ProductOwner" as const] }];
    await system.tenants.put({ ...tenant, people }, "ada");
    const applied = await run<Applied>("setCompliance", "ada", { on: true, moduleId: "billing", reason });
    expect(applied.how).toBe("stricter");
    const place = { environment: "production", moduleId: "billing" };
    expect(effectivePolicy(await system.tenants.get(tenantId), place)).toMatchObject({
      compliance: true,
      minApprovers: 2,
    });
    expect((await production()).compliance).toBeUndefined();
    expect(
      (await refusalOf(run("setCompliance", "max", { on: false, moduleId: "billing", reason }))).code,
    ).toBe("TenantForbidden");
    const off = await run<Proposed>("setCompliance", "ada", { on: false, moduleId: "billing", reason });
    expect((await system.tenants.get(tenantId)).compliance.modules).toEqual(["billing"]);
    await run("confirmPolicy", "max", { proposal: off.proposal });
    expect((await system.tenants.get(tenantId)).compliance.modules).toEqual([]);
  });

  test("of a module is in what is handed over, and no longer depends on the switch", async () => {
    const { system } = world;
    const tenant = await system.tenants.get(tenantId);
    const regulated = { ...tenant, compliance: { ...tenant.compliance, modules: ["booking-service"] } };
    await system.tenants.put(regulated, "ada");
    const subject = await world.deliver();
    expect((await system.store.load(subject))?.handOver?.complianceMode).toBe(true);
  });

  test("is not ended by one person where there is no other", async () => {
    const { system } = world;
    const tenant = await system.tenants.get(tenantId);
    await system.tenants.put(
      tenantSchema.parse({
        ...tenant,
        people: [{ id: "ada", roles: ["StudioAdmin"] }],
        compliance: { regulated: true },
      }),
      "ada",
    );
    const refusal = await refusalOf(run("setCompliance", "ada", { on: false, everything: true, reason }));
    expect(refusal.code).toBe("QuorumNotMet");
    expect(refusal.next).toContain("tenant.yaml of the server's data directory");
  });
});
