import fc from "fast-check";
import { expect, test } from "vitest";
import type { AccessQuestion, OwnPolicy } from "../../../domain/access/access-question.ts";
import { actions } from "../../../domain/access/actions.ts";
import { roleSchema } from "../../../domain/tenant/role.ts";
import { createCedarDecisions } from "./cedar-decisions.ts";
import { rememberDecisions } from "./remember-decisions.ts";

const own: OwnPolicy[] = [
  'forbid (principal, action, resource in Module::"shop");',
  'forbid (principal == Person::"kim", action, resource in Environment::"production");',
  'forbid (principal, action, resource == Release::"release-000002");',
  'forbid (principal, action, resource) when { resource in Delivery::"trace-2/pay" };',
  'forbid (principal, action, resource) when { context.method == "studio" && principal.roles.contains("Auditor") };',
].map((cedar, number) => ({ id: `own-${number}`, cedar }));

const roles = fc.uniqueArray(fc.constantFrom(...roleSchema.options), { maxLength: 3 });
const questions: fc.Arbitrary<AccessQuestion> = fc.record({
  action: fc.constantFrom(...(Object.keys(actions) as (keyof typeof actions)[])),
  principal: fc
    .record({ id: fc.constantFrom("kim", "jane"), tenantId: fc.constantFrom("acme", "other"), roles })
    .map((who) => ({ kind: "Person" as const, ...who, anywhere: who.roles, claims: [] })),
  resource: fc.record(
    {
      tenantId: fc.constant("acme"),
      environment: fc.constantFrom("staging", "production"),
      moduleId: fc.constantFrom("shop", "pay"),
      traceId: fc.constantFrom("trace-1", "trace-2"),
      releaseId: fc.constantFrom("release-000001", "release-000002"),
    },
    { requiredKeys: ["tenantId"] },
  ),
  circumstances: fc.record({
    method: fc.constantFrom("cli", "studio"),
    approvalNeeded: fc.boolean(),
    own: fc.boolean(),
    singlePerson: fc.boolean(),
    rolesAsked: roles,
  }),
});

test("what is remembered is what would be decided, whatever was asked before", async () => {
  const remembering = createCedarDecisions();
  await fc.assert(
    fc.asyncProperty(fc.array(questions, { minLength: 20, maxLength: 60 }), async (asked) => {
      const fresh = createCedarDecisions();
      for (const question of asked) {
        const decision = await remembering.decide(question, own);
        const branch = `b-${Math.random()}`;
        // A branch of its own makes it a question that nobody has asked.
        const unknown = { ...question, circumstances: { ...question.circumstances, branch } };
        expect(decision).toEqual(await fresh.decide(unknown, own));
      }
    }),
    { numRuns: 10 },
  );
});

test("asks once for what differs only in ids that no policy names, and forgets what is unused longest", () => {
  let asked = 0;
  const decide = rememberDecisions(() => {
    asked += 1;
    return { allowed: true, rules: [], troubles: [], digest: "d" };
  }, 2);
  const held = { name: "set", rules: new Map(), named: new Set(["Release::r2"]), digest: "d" };
  const on = (id: string, type = "Release") =>
    decide(held, {
      principal: { type: "Person", id: "kim" },
      action: { type: "Action", id: "view" },
      resource: { type, id },
      context: {},
      entities: [],
    });
  const counts = ["r1", "r3", "r2", "r1"].map((id) => {
    on(id);
    return asked;
  });
  expect(counts).toEqual([1, 1, 2, 2]);
  on("acme", "Tenant");
  on("other", "Tenant");
  expect(asked).toBe(4);
  on("r1");
  expect(asked).toBe(5);
});

test("another set of policies is asked anew", () => {
  let asked = 0;
  const decide = rememberDecisions(() => {
    asked += 1;
    return { allowed: true, rules: [], troubles: [], digest: "d" };
  });
  const question = {
    principal: { type: "Person", id: "kim" },
    action: { type: "Action", id: "view" },
    resource: { type: "Tenant", id: "acme" },
    context: {},
    entities: [],
  };
  for (const digest of ["d", "e", "d"])
    decide({ name: "set", rules: new Map(), named: new Set<string>(), digest }, question);
  expect(asked).toBe(2);
});
