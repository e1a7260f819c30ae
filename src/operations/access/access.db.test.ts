/** The decision point behind the operations: environments, claims, own policies, and what is on record of each decision. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { verifyJournal } from "../../domain/journal/journal-entry.ts";
import { parseTenant } from "../../domain/tenant/parse-tenant.ts";
import type { Role } from "../../domain/tenant/role.ts";
import { catalogue } from "../catalogue.ts";
import { permit, type Wish } from "../permit.ts";
import type { Caller } from "../system.ts";
import { requireSoundAccess } from "./require-sound-access.ts";

let stage: TestSystem;
beforeAll(async () => {
  stage = await createTestSystem();
  await apply({});
});
afterAll(() => stage.close());

const ada: Caller = { tenantId: "vetclinic-001", person: "ada", roles: ["StudioAdmin"], method: "cli" };
const caller = (person: string, roles: Role[] = []): Caller => ({ ...ada, person, roles });

function declaration(more: object) {
  return {
    id: "vetclinic-001",
    people: [
      { id: "jane", roles: ["Developer"] },
      { id: "max", roles: ["ReleaseManager"] },
      { id: "lin", roles: [], environments: { staging: ["Deployer"] } },
      { id: "sam", roles: ["StudioApprover"], claims: ["override.freeze"] },
      { id: "ada", roles: ["StudioAdmin"] },
    ],
    environments: [{ id: "staging" }, { id: "production" }],
    releasePolicy: { environments: { production: { requiresApproval: true } } },
    ...more,
  };
}

function run(name: string, as: Caller, input: object): Promise<unknown> {
  const found = catalogue.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found.run(stage.system, as, input);
}

/** As a second person had confirmed it. */
async function apply(more: object): Promise<void> {
  const text = stringify(declaration(more));
  const tenant = parseTenant(text, "tenant.yaml");
  await requireSoundAccess(stage.system, tenant, { tenantId: tenant.id, text, file: "tenant.yaml" });
  await stage.system.tenants.put(tenant, "ada", text);
}

async function lastEntry() {
  return (await stage.system.journal.read("vetclinic-001")).at(-1);
}

const ask = (as: Caller, wish: Wish) => permit(stage.system, as, wish);

describe("a decision", () => {
  test("counts a role that is held in one environment there, and nowhere else", async () => {
    const lin = caller("lin");
    await ask(lin, { action: "deploy", environment: "staging" });
    await ask(lin, { action: "view" });
    await expect(ask(lin, { action: "deploy", environment: "production" })).rejects.toThrow(
      /TenantForbidden: lin \(no role\) may not deploy in production of vetclinic-001: that takes Deployer \(policy deployer\)/,
    );
    await expect(ask(lin, { action: "deploy" })).rejects.toThrow(/TenantForbidden/);
  });

  test("takes the claim beside the role where a freeze is overridden", async () => {
    await ask(caller("sam", ["StudioApprover"]), { action: "override-freeze", environment: "production" });
    await expect(
      ask({ ...caller("sam", ["StudioApprover"]), claims: [] }, { action: "override-freeze" }),
    ).rejects.toThrow(/FreezeOverrideNotAllowed: .*only with the claim override.freeze/);
    await expect(ask(caller("jane", ["Developer"]), { action: "override-freeze" })).rejects.toThrow(
      /FreezeOverrideNotAllowed/,
    );
  });

  test("says SelfApproval, MachineApprover and UnauthorizedApprover by those names", async () => {
    const where = { action: "approve", environment: "production" } as const;
    await expect(ask(caller("max", ["ReleaseManager"]), { ...where, own: true })).rejects.toThrow(
      /SelfApproval/,
    );
    await expect(ask(caller("agent:release-manager", ["ReleaseManager"]), where)).rejects.toThrow(
      /MachineApprover/,
    );
    await expect(ask(caller("service:ci", ["ReleaseManager"]), where)).rejects.toThrow(/MachineApprover/);
    await expect(ask(caller("jane", ["Developer"]), where)).rejects.toThrow(
      /UnauthorizedApprover: .*ProductOwner/,
    );
  });

  test("an agent that asks for approval rights gets none, whatever roles it brings", async () => {
    const agent = caller("agent:code-committer", ["ReleaseManager", "StudioAdmin"]);
    for (const action of ["approve", "revoke", "policy", "tenant", "override-cve"] as const)
      await expect(ask(agent, { action })).rejects.toThrow(/MachineApprover/);
    await ask(agent, { action: "hand-over" });
  });

  test("is in the journal with its policies before it is answered: denials, and what changes something", async () => {
    const before = (await lastEntry())?.sequence ?? 0;
    await expect(
      run("setConfig", caller("max", ["ReleaseManager"]), {
        environment: "production",
        name: "A",
        value: "hidden",
      }),
    ).rejects.toThrow(/TenantForbidden/);
    expect(await lastEntry()).toMatchObject({
      act: "AccessDenied",
      actor: "max",
      data: {
        action: "settings",
        resource: { tenantId: "vetclinic-001", environment: "production" },
        roles: ["ReleaseManager"],
        policies: [],
        policyDigest: expect.stringMatching(/^sha256:/),
        method: "cli",
        code: "TenantForbidden",
      },
    });
    await run("setConfig", caller("jane", ["Developer"]), {
      environment: "staging",
      name: "A",
      value: "hidden",
    });
    expect(await lastEntry()).toMatchObject({
      act: "AccessPermitted",
      actor: "jane",
      data: { action: "settings", policies: ["developer-where-no-approval-is-needed"] },
    });
    await run("listConfig", caller("jane", ["Developer"]), { environment: "staging" });
    expect(await stage.metrics.text()).toMatch(
      /access_decisions_total\{tenant="vetclinic-001",action="view",outcome="permitted"\} \d/,
    );
    const entries = await stage.system.journal.read("vetclinic-001");
    expect(entries.at(-1)?.sequence).toBe(before + 2);
    expect(verifyJournal(entries)).toMatchObject({ intact: true });
    expect(JSON.stringify(entries)).not.toContain("hidden");
  });

  test("of another tenant is on record with who asked, and not with the other", async () => {
    await expect(ask(ada, { action: "tenant", tenantId: "globex" })).rejects.toThrow(
      /TenantForbidden: There is no tenant globex for ada/,
    );
    expect(await lastEntry()).toMatchObject({
      act: "AccessDenied",
      actor: "ada",
      data: { policies: ["other-tenant"], resource: { tenantId: "globex" } },
    });
    expect(await stage.system.journal.read("globex")).toEqual([]);
  });
});

describe("policies of a tenant's own", () => {
  const policy = (id: string, cedar: string) => ({ id, cedar });
  const noRollback = policy(
    "no-rollback-by-hand",
    '@reason("Production goes back by release managers.")\nforbid (principal, action == Action::"rollback", resource in Environment::"production")\nunless { principal in Role::"ReleaseManager" };',
  );
  const managersRollBack = policy(
    "managers-roll-back",
    'permit (principal in Role::"ReleaseManager", action == Action::"rollback", resource);',
  );

  test("hold from when they are applied, and are named where they decide", async () => {
    const olga = caller("olga", ["DevOpsEngineer"]);
    const max = caller("max", ["ReleaseManager"]);
    const rollback = { action: "rollback", environment: "production" } as const;
    await ask(olga, rollback);
    await expect(ask(max, rollback)).rejects.toThrow(/TenantForbidden/);
    await apply({ policies: [noRollback, managersRollBack] });
    await ask(max, rollback);
    expect((await lastEntry())?.data.policies).toEqual(["tenant.yaml/managers-roll-back"]);
    await expect(ask(olga, rollback)).rejects.toThrow(
      /Production goes back by release managers \(policy of tenant.yaml no-rollback-by-hand\)/,
    );
    await ask(olga, { ...rollback, environment: "staging" });
    await apply({});
  });

  test.each([
    [
      "a word that is no Cedar",
      [policy("a", "permit (principal, action, resource")],
      /tenant\.yaml:\d+:\d+: policy a:/,
    ],
    [
      "a role that there is not",
      [policy("a", 'permit (principal in Role::"ReleaseManger", action, resource);')],
      /ReleaseManger/,
    ],
    [
      "an environment that there is not",
      [policy("a", 'forbid (principal, action, resource in Environment::"prod");')],
      /names Environment::"prod".*production/,
    ],
    [
      "a lock-out of everybody who could change it",
      [policy("a", 'forbid (principal, action == Action::"tenant", resource);')],
      /nobody could change this tenant/,
    ],
    [
      "a lock-out of all approvers",
      [
        policy(
          "a",
          'forbid (principal, action == Action::"approve", resource in Environment::"production");',
        ),
      ],
      /nobody can approve production: .*\(a\)/,
    ],
  ])("are refused with %s, and nothing changes", async (_title, policies, message) => {
    const before = await stage.system.tenants.declaration("vetclinic-001");
    const text = stringify(declaration({ policies }));
    await expect(run("applyTenant", ada, { text })).rejects.toMatchObject({
      refusal: { code: "PolicyInvalid", message: expect.stringMatching(message) },
    });
    expect(await stage.system.tenants.declaration("vetclinic-001")).toEqual(before);
  });

  test("are validated with what contradicts itself and who may nothing", async () => {
    const text = stringify(
      declaration({
        policies: [
          policy("never", "forbid (principal, action, resource) when { context.own && !context.own };"),
          policy("outweighed", 'permit (principal is Agent, action == Action::"approve", resource);'),
          policy("auditors-out", 'forbid (principal in Role::"Auditor", action, resource);'),
          policy("no-exports", 'forbid (principal, action == Action::"export", resource);'),
          policy(
            "useful",
            'forbid (principal, action == Action::"push", resource) when { context.method == "api" };',
          ),
        ],
      }),
    );
    const report = (await run("validatePolicy", ada, { text, file: "next.yaml" })) as {
      sound: boolean;
      findings: { policy?: string; message: string }[];
    };
    expect(report.sound).toBe(true);
    expect(report.findings).toMatchObject([
      { severity: "warning", policy: "never", message: expect.stringContaining("decides nothing") },
      { severity: "warning", policy: "outweighed", message: expect.stringContaining("decides nothing") },
      { severity: "warning", message: expect.stringContaining("the role Auditor may nothing (auditors-out") },
      { severity: "warning", message: expect.stringContaining("nobody may export evidence any more") },
    ]);
  });

  test("are validated with the people that there are: approvers who would be missing", async () => {
    const text = stringify(
      declaration({
        releasePolicy: { environments: { production: { requiresApproval: true, minApprovers: 3 } } },
      }),
    );
    expect(await run("validatePolicy", ada, { text })).toMatchObject({
      sound: false,
      findings: [
        { severity: "error", message: expect.stringMatching(/nobody could release production: .*max/) },
      ],
    });
  });

  test("are explained and tested before anybody asks, and nothing is on record of it", async () => {
    const before = await lastEntry();
    expect(await run("explainAccess", ada, { who: "lin", what: "deploy", where: "staging" })).toMatchObject({
      allowed: true,
      roles: ["Deployer"],
      rules: [{ id: "deployer" }],
    });
    const denied = await run("explainAccess", ada, { who: "jane", what: "approve", where: "production" });
    expect(denied).toMatchObject({
      allowed: false,
      rules: [],
      refusal: expect.stringContaining("UnauthorizedApprover"),
    });
    expect((denied as { nearest: { rule: { id: string } }[] }).nearest.map(({ rule }) => rule.id)).toContain(
      "product-owner",
    );
    const cases = [
      { who: "max", what: "approve", where: "production", expect: "allow", by: "release-manager" },
      { who: "max", what: "approve", where: "production", own: true, expect: "deny", by: "no-self-approval" },
      { who: "Developer+Deployer", what: "deploy", where: "production", expect: "deny" },
      { who: "agent:code-committer", what: "revoke", expect: "deny" },
    ];
    const report = await run("testPolicy", ada, { text: stringify({ cases }), file: "table.yaml" });
    expect(report).toMatchObject({
      cases: 4,
      differences: [
        { line: 13, expected: "Developer+Deployer deploy production: deny", found: "allow by deployer" },
      ],
    });
    expect(await lastEntry()).toEqual(before);
    for (const [wrong, message] of [
      [{ who: "maxx", what: "approve", expect: "allow" }, /table.yaml:2: who: .*maxx/],
      [{ who: "max", what: "aprove", expect: "allow" }, /table.yaml:2: what: /],
      [{ who: "max", what: "approve", where: "prod", expect: "allow" }, /table.yaml:2: where: /],
      [{ who: "max", what: "approve", expect: "maybe" }, /table.yaml:4:/],
    ] as const)
      await expect(
        run("testPolicy", ada, { text: stringify({ cases: [wrong] }), file: "table.yaml" }),
      ).rejects.toMatchObject({ refusal: { code: "InputInvalid", message: expect.stringMatching(message) } });
  });
});
