import { expect, test } from "vitest";
import { withPeopleByGroups } from "./people-by-groups.ts";
import { tenantSchema } from "./tenant.ts";

const now = new Date("2026-11-22T12:00:00Z");
const issuer = "https://login.acme.example";

function rolesOf(person: string, { signIn = {}, seen = {} }: { signIn?: object; seen?: object } = {}) {
  const tenant = tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["Developer"], claims: ["override.freeze"] }],
    environments: [{ id: "production" }],
    signIn: {
      ...{ issuer, clientId: "cli", audience: "api", admitGroups: true, groupsHold: "12h" },
      groups: { managers: ["ReleaseManager"], leads: ["ReleaseManager", "ProductOwner"] },
      ...signIn,
    },
  });
  const said = {
    person,
    issuer,
    groups: ["managers", "leads", "cooks", "constructor"],
    at: "2026-11-22T00:01:00Z",
  };
  return withPeopleByGroups(tenant, [{ ...said, ...seen }], now).people.find(({ id }) => id === person)
    ?.roles;
}

test("groups of the last sign-in make people, and add to what tenant.yaml gives them", () => {
  expect(rolesOf("zoe")).toEqual(["ReleaseManager", "ProductOwner"]);
  expect(rolesOf("jane")).toEqual(["Developer", "ReleaseManager", "ProductOwner"]);
});

test.each([
  ["it is older than policy lets it hold", { seen: { at: "2026-11-22T00:00:00Z" } }],
  ["policy lets none hold", { signIn: { groupsHold: undefined } }],
  ["the provider is another one now", { seen: { issuer: "https://elsewhere.example" } }],
  ["their groups are mapped no more", { signIn: { groups: { owners: ["ProductOwner"] } } }],
  ["they lost their groups", { seen: { groups: [] } }],
  ["they are barred", { signIn: { barred: ["zoe", "jane"] } }],
])("nobody is anything by groups where %s", (_why, given) => {
  expect(rolesOf("zoe", given)).toBeUndefined();
  expect(rolesOf("jane", given)).toEqual(["Developer"]);
});

test("who is not declared is nobody where groups alone let nobody in", () => {
  expect(rolesOf("zoe", { signIn: { admitGroups: false } })).toBeUndefined();
});
