import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type {
  AccessQuestion,
  Circumstances,
  HeldRole,
  OwnPolicy,
  Principal,
  Resource,
} from "../../../domain/access/access-question.ts";
import { type Action, actions } from "../../../domain/access/actions.ts";
import { rollbackRoles } from "../../../domain/release/roles.ts";
import { roleSchema } from "../../../domain/tenant/role.ts";
import type { PolicyDecisions } from "../../../ports/policy-decisions.ts";
import { createCedarDecisions } from "./cedar-decisions.ts";
import { loadCedar } from "./cedar-engine.ts";

let decisions: PolicyDecisions;
beforeAll(() => {
  decisions = createCedarDecisions();
});

interface Asked {
  roles?: readonly HeldRole[];
  principal?: Partial<Principal>;
  resource?: Partial<Resource>;
  circumstances?: Partial<Circumstances>;
}

function question(action: Action, { roles = [], principal, resource, circumstances }: Asked): AccessQuestion {
  return {
    action,
    principal: {
      ...{ kind: "Person", id: "kim", tenantId: "acme", roles, anywhere: roles, claims: [] },
      ...principal,
    },
    resource: { tenantId: "acme", environment: "production", ...resource },
    circumstances: {
      ...{ method: "cli", approvalNeeded: true, own: false, singlePerson: false, rolesAsked: [] },
      ...circumstances,
    },
  };
}

const ask = (action: Action, asked: Asked, own: OwnPolicy[] = []) =>
  decisions.decide(question(action, asked), own);
const ids = (rules: { id: string }[]) => rules.map(({ id }) => id);

describe("the built-in policies", () => {
  test("know the actions and roles that the product knows, and no others", async () => {
    const { cedar, schema } = await loadCedar();
    const read = cedar.schemaToJson(schema);
    if (read.type === "failure") throw new Error(JSON.stringify(read.errors));
    const declared = read.json[""] ?? { actions: {}, entityTypes: {} };
    const concrete = Object.entries(declared.actions).filter(
      ([, { appliesTo }]) => (appliesTo?.principalTypes ?? []).length > 0,
    );
    expect(concrete.map(([name]) => name).toSorted()).toEqual(Object.keys(actions).toSorted());
    const reading = concrete.filter(([, { memberOf }]) => memberOf?.some(({ id }) => id === "read"));
    const known = Object.entries(actions).filter(([, { changes }]) => !changes);
    expect(reading.map(([name]) => name).toSorted()).toEqual(known.map(([name]) => name).toSorted());
    expect(declared.entityTypes.Role).toEqual({ enum: [...roleSchema.options, "Agent"] });
  });

  test("fit their schema strictly, and each gives its reason", async () => {
    const { cedar, schema, builtIn } = await loadCedar();
    const found = cedar.validate({ schema, policies: { staticPolicies: builtIn } });
    expect(found).toEqual({
      type: "success",
      validationErrors: [],
      validationWarnings: [],
      otherWarnings: [],
    });
    for (const { reason } of await decisions.rules([])) expect(reason).toMatch(/^[A-Z].*\.$/);
  });

  test("say what the table of docs/reference/policy.md says, role by role", async () => {
    const documented = readRoleTable();
    expect(documented.map(({ role }) => role)).toEqual([...roleSchema.options, "Agent"]);
    for (const { role, may, unapproved, claiming } of documented) {
      const agent = role === "Agent" ? { kind: "Agent" as const, id: "agent:code-committer" } : {};
      const permitted = async (more: Asked) => {
        const found: string[] = [];
        for (const action of Object.keys(actions) as Action[]) {
          const asked = { roles: [role], ...more, principal: { ...agent, ...more.principal } };
          if ((await ask(action, asked)).allowed) found.push(action);
        }
        return found.toSorted();
      };
      expect([role, await permitted({})]).toEqual([role, may]);
      expect([role, await permitted({ circumstances: { approvalNeeded: false } })]).toEqual([
        role,
        [...may, ...unapproved].toSorted(),
      ]);
      expect([role, await permitted({ principal: { claims: ["override.freeze"] } })]).toEqual([
        role,
        [...may, ...claiming].toSorted(),
      ]);
    }
  });

  test("let those roll back who are asked to where a rollback fails", async () => {
    const may = await Promise.all(
      roleSchema.options.map(async (role) =>
        (await ask("rollback", { roles: [role] })).allowed ? role : [],
      ),
    );
    expect(may.flat().toSorted()).toEqual([...rollbackRoles].toSorted());
  });

  test("let nobody do anything who holds no role", async () => {
    for (const action of Object.keys(actions) as Action[])
      expect(await ask(action, { circumstances: { approvalNeeded: false, own: true } })).toMatchObject({
        allowed: false,
      });
  });
});

const everyRole: HeldRole[] = [...roleSchema.options];
const openDoor: OwnPolicy = { id: "open", cedar: "permit (principal, action, resource);" };

describe("hard rules hold whatever a tenant permits:", () => {
  const agent = { kind: "Agent" as const, id: "agent:release-manager" };
  const service = { kind: "ServiceAccount" as const, id: "service:ci" };
  const claims = ["override.freeze"];
  const rows: [string, Action, Asked, string][] = [
    ["another tenant is closed", "view", { resource: { tenantId: "globex" } }, "other-tenant"],
    ["an agent approves nothing", "approve", { principal: agent }, "agents-never-judge"],
    ["an agent revokes nothing", "revoke", { principal: agent }, "agents-never-judge"],
    ["an agent overrides no CVE", "override-cve", { principal: agent }, "agents-never-judge"],
    ["an agent changes no policy", "policy", { principal: agent }, "agents-never-judge"],
    ["an agent manages no people", "tenant", { principal: agent }, "agents-never-judge"],
    ["an agent issues no tokens", "token", { principal: agent }, "agents-never-judge"],
    [
      "a service account does not approve",
      "approve",
      { principal: service },
      "service-accounts-never-approve",
    ],
    [
      "a service account approves no hotfix",
      "hotfix",
      { principal: service },
      "service-accounts-never-approve",
    ],
    [
      "nobody takes their own change as a hotfix",
      "hotfix",
      { circumstances: { own: true } },
      "no-hotfix-of-ones-own",
    ],
    ["nobody approves their own change", "approve", { circumstances: { own: true } }, "no-self-approval"],
    [
      "a freeze is not overridden without the claim",
      "override-freeze",
      {},
      "freeze-override-needs-the-claim",
    ],
  ];
  test.each(rows)("%s", async (_title, action, asked, rule) => {
    const { allowed, rules } = await ask(action, { roles: everyRole, ...asked }, [openDoor]);
    expect([allowed, ids(rules)]).toEqual([false, [rule]]);
  });

  test("StudioAdmin is no vote by itself, also where a policy asks for it", async () => {
    const circumstances = { rolesAsked: ["StudioAdmin" as const] };
    const alone = await ask("approve", { roles: ["StudioAdmin", "Auditor"], circumstances }, [openDoor]);
    expect([alone.allowed, ids(alone.rules)]).toEqual([false, ["studio-admin-alone-never-votes"]]);
    const both = await ask("approve", { roles: ["StudioAdmin", "ReleaseManager"], circumstances });
    expect(both.allowed).toBe(true);
  });

  test("an agent with every claim overrides no freeze", async () => {
    const { allowed } = await ask("override-freeze", {
      roles: ["Agent"],
      principal: { ...agent, claims },
    });
    expect(allowed).toBe(false);
  });

  test("the one person of a fresh installation is the exception, and the decision says nothing else", async () => {
    const circumstances = { own: true, singlePerson: true };
    expect((await ask("approve", { roles: ["ReleaseManager"], circumstances })).allowed).toBe(true);
  });
});

describe("a tenant's own policies", () => {
  test("narrow what a role may, by environment", async () => {
    const own = [
      {
        id: "no-production",
        cedar: `@reason("Only Deployers touch production.")
          forbid (principal in Role::"DevOpsEngineer", action == Action::"rollback", resource in Environment::"production");`,
      },
    ];
    const denied = await ask("rollback", { roles: ["DevOpsEngineer"] }, own);
    expect(denied).toMatchObject({
      allowed: false,
      rules: [{ id: "no-production", from: "tenant", reason: "Only Deployers touch production." }],
    });
    const staging = { environment: "staging" };
    expect((await ask("rollback", { roles: ["DevOpsEngineer"], resource: staging }, own)).allowed).toBe(true);
    expect((await ask("rollback", { roles: ["DevOpsEngineer"] })).allowed).toBe(true);
  });

  test("extend what a role may, and one that forbids outweighs all that permit", async () => {
    const may = {
      id: "may",
      cedar: 'permit (principal in Role::"Developer", action == Action::"rollback", resource);',
    };
    const not = { id: "not", cedar: 'forbid (principal == Person::"kim", action, resource);' };
    expect((await ask("rollback", { roles: ["Developer"] }, [may])).rules).toMatchObject([{ id: "may" }]);
    expect(await ask("rollback", { roles: ["Developer"] }, [may, not])).toMatchObject({
      allowed: false,
      rules: [{ id: "not" }],
    });
  });

  test("are of a digest that changes with each of them", async () => {
    const one = { id: "one", cedar: "forbid (principal, action, resource);" };
    const digests = [[], [one], [{ ...one, id: "two" }], [{ ...one, cedar: `${one.cedar} ` }]];
    const found = await Promise.all(digests.map(async (own) => (await ask("view", {}, own)).digest));
    expect(new Set(found).size).toBe(4);
  });

  test("that cannot be evaluated forbid where they forbid, and permit nothing", async () => {
    const broken = "when { 9223372036854775807 + (if context.own then 1 else 2) > 0 }";
    const forbids = { id: "f", cedar: `forbid (principal, action == Action::"deploy", resource) ${broken};` };
    const permits = { id: "p", cedar: `permit (principal, action == Action::"export", resource) ${broken};` };
    const denied = await ask("deploy", { roles: ["Deployer"] }, [forbids]);
    expect(denied).toMatchObject({ allowed: false, rules: [{ id: "f" }], troubles: [expect.any(String)] });
    expect((await ask("export", { roles: ["Developer"] }, [permits])).allowed).toBe(false);
  });

  test("that do not parse close everything but the management of the tenant", async () => {
    const own = [{ id: "broken", cedar: "permit (principal" }];
    await expect(ask("view", { roles: ["Auditor"] }, own)).rejects.toMatchObject({
      refusal: { code: "PolicyInvalid" },
    });
    expect((await ask("tenant", { roles: ["StudioAdmin"] }, own)).allowed).toBe(true);
    expect((await ask("tenant", { roles: ["Developer"] }, own)).allowed).toBe(false);
  });
});

describe("the nearest permits", () => {
  test("name the roles of which each is enough", async () => {
    const nearest = await decisions.nearest(question("rollback", { roles: ["Developer"] }), []);
    expect(nearest.map(({ rule, roles }) => [rule.id, roles])).toEqual([
      ["devops-engineer", ["DevOpsEngineer"]],
      ["deployer", ["Deployer"]],
      ["studio-admin", ["StudioAdmin"]],
    ]);
  });

  test("name the claim where a role alone is not enough", async () => {
    const nearest = await decisions.nearest(question("override-freeze", { roles: ["Developer"] }), []);
    expect(nearest).toMatchObject([
      { rule: { id: "freeze-override" }, roles: ["StudioApprover", "StudioAdmin"], claim: "override.freeze" },
    ]);
  });

  test("are none where a rule forbids it to every role", async () => {
    const closed = { id: "closed", cedar: 'forbid (principal, action == Action::"deploy", resource);' };
    expect(await decisions.nearest(question("deploy", { roles: ["Developer"] }), [closed])).toEqual([]);
  });
});

describe("a check of a tenant's own policies", () => {
  test.each([
    ["permit (principal, action\n, resourc);", 2, 3, "invalid variable in the policy scope"],
    ['permit (principal in Role::"ReleaseManger", action, resource);', 1, 22, "ReleaseManger"],
    ['permit (principal, action == Action::"deplyo", resource);', 1, 30, "deplyo"],
    ["permit (principal, action, resource)\n  when { context.nonsense };", 2, 10, "nonsense"],
    ["forbid (principal is Person, action, resource) when { principal is Agent };", 1, 1, "impossible"],
    [
      "permit (principal, action, resource); forbid (principal, action, resource);",
      1,
      39,
      "unexpected token",
    ],
    ["permit (principal, action, resource) when { context.own == 1 };", 1, 45, "types"],
  ])("finds what is wrong with %j in its place", async (cedar, line, column, message) => {
    const problems = await decisions.check([{ id: "mine", cedar }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      id: "mine",
      severity: "error",
      line,
      column,
      message: expect.stringContaining(message),
    });
  });

  test("finds nothing wrong with what fits", async () => {
    expect(await decisions.check([openDoor])).toEqual([]);
  });
});

interface RoleRow {
  role: HeldRole;
  may: string[];
  unapproved: string[];
  claiming: string[];
}

/** The rows `| Role | actions | where no approval is needed | with the claim |`. */
function readRoleTable(): RoleRow[] {
  const page = readFileSync(new URL("../../../../docs/reference/policy.md", import.meta.url), "utf8");
  const actionsIn = (cell = "") =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? "").toSorted();
  return page.split("\n").flatMap((line) => {
    const [, role, may, unapproved, claiming] = line.split("|").map((cell) => cell.trim());
    if (role === undefined || !everyRole.concat("Agent").includes(role as HeldRole)) return [];
    return [
      {
        role: role as HeldRole,
        may: actionsIn(may),
        unapproved: actionsIn(unapproved),
        claiming: actionsIn(claiming),
      },
    ];
  });
}
