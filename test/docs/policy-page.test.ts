/** The pages of policy are held to the actions there are, and their examples to the decision point itself. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createCedarDecisions } from "../../src/adapters/policy/cedar/cedar-decisions.ts";
import { actions } from "../../src/domain/access/actions.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { checkAccess } from "../../src/operations/access/check-access.ts";
import { type Supposed, suppose } from "../../src/operations/access/suppose.ts";
import { codeIn, readPage, rowsOf, yamlExamples } from "./read-page.ts";

const decisions = createCedarDecisions();

test("every action is on the page, with what it is to", () => {
  const rows = rowsOf(readPage("reference/policy.md")).filter((cells) => cells.length === 3);
  const told = rows
    .filter(([, groups = ""]) => codeIn(groups).some((group) => group === "read" || group === "change"))
    .map(([name = "", groups = "", phrase]) => [codeIn(name)[0], codeIn(groups)[0] === "change", phrase]);
  expect(told.toSorted()).toEqual(
    Object.entries(actions)
      .map(([name, { changes, phrase }]) => [name, changes, phrase])
      .toSorted(),
  );
});

test("every rule that nothing takes back is on the page", () => {
  const rules = readFileSync(new URL("../../policies/hard-rules.cedar", import.meta.url), "utf8");
  const ids = [...rules.matchAll(/@id\("([a-z-]+)"\)/g)].map(([, id]) => id);
  const page = readPage("reference/policy.md");
  const section = page.slice(page.indexOf("## Rules that nothing"), page.indexOf("## Actions"));
  expect(
    rowsOf(section)
      .map(([name = ""]) => codeIn(name)[0])
      .toSorted(),
  ).toEqual(ids.toSorted());
});

test("the policies of the how-to fit, lock nobody out, and answer its table", async () => {
  const [policies = "", people = "", table = ""] = yamlExamples(readPage("how-to/write-a-policy.md"));
  const tenant = tenantOf({ ...parse(people), ...parse(policies) });
  expect(await checkAccess(decisions, tenant)).toEqual([]);
  const { cases } = parse(table) as { cases: (Supposed & { expect: string; by?: string })[] };
  expect(cases.length).toBeGreaterThan(4);
  for (const one of cases) {
    const { allowed, rules } = (await suppose(decisions, tenant, one)).decision;
    const ids = rules.map(({ id }) => id);
    expect([one.who, allowed ? "allow" : "deny", ids]).toEqual([
      one.who,
      one.expect,
      one.by === undefined ? ids : expect.arrayContaining([one.by]),
    ]);
  }
});

test("the policies of tenant.yaml's page fit", async () => {
  const [example = ""] = yamlExamples(readPage("reference/tenant-file.md"));
  const { people, policies, environments } = parse(example);
  const found = await checkAccess(decisions, tenantOf({ people, policies, environments }));
  expect(found).toEqual([]);
});

function tenantOf(parts: object): Tenant {
  const environments = [{ id: "staging" }, { id: "production" }];
  return tenantSchema.parse({ id: "acme", environments, ...parts });
}
