import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digests } from "../event/event-catalogue.ts";
import { roleSchema, type Tenant, tenantSchema } from "../tenant/tenant.ts";
import { effectivePolicy } from "./effective-policy.ts";
import { changedDigests, countQuorum, refusalOfVoter, type Vote } from "./quorum.ts";

const digests: Digests = {
  commit: "c",
  tree: "t",
  artifact: "a",
  rolloutPlan: "r",
  infrastructurePlan: "i",
  configuration: "k",
  secretVersions: "s",
  policy: "p",
};

const tenant = tenantOf({
  people: [
    { id: "owner", roles: ["ProductOwner"] },
    { id: "manager", roles: ["ReleaseManager"] },
    { id: "dev", roles: ["Developer"] },
  ],
});

function tenantOf(more: object): Tenant {
  return tenantSchema.parse({
    id: "vetclinic-001",
    people: [],
    environments: [{ id: "production" }],
    releasePolicy: { environments: { production: { requiresApproval: true, minApprovers: 2 } } },
    ...more,
  });
}

function vote(by: string, more: Partial<Vote> = {}): Vote {
  return { by, comment: "checked", method: "CLI", at: "2025-05-23T10:00:00.000Z", digests, ...more };
}

function count(votes: Vote[], sponsor = "dev", of: Tenant = tenant) {
  return countQuorum({ tenant: of, policy: effectivePolicy(of, "production"), sponsor, digests }, votes);
}

describe("a quorum", () => {
  it("is met by enough people with a role that policy asks for", () => {
    expect(count([vote("owner"), vote("manager")])).toMatchObject({ met: true, missing: 0 });
  });

  it("counts a person once, however often they vote", () => {
    expect(count([vote("owner"), vote("owner")])).toMatchObject({ met: false, missing: 1 });
  });

  it("does not count the person who sponsored the change", () => {
    const quorum = count([vote("owner"), vote("manager")], "manager");
    expect(quorum.met).toBe(false);
    expect(quorum.votes[1]).toMatchObject({ counts: false, code: "SelfApproval" });
  });

  it("does not count a role that policy does not ask for", () => {
    expect(count([vote("dev")], "owner").votes[0]).toMatchObject({
      counts: false,
      code: "UnauthorizedApprover",
    });
  });

  it("does not count a machine, whatever role it was given", () => {
    expect(count([vote("agent:release-manager")]).votes[0]).toMatchObject({ code: "MachineApprover" });
  });

  it("does not count a vote on other bytes, and says what changed", () => {
    const quorum = count([vote("owner", { digests: { ...digests, artifact: "b", policy: "q" } })]);
    expect(quorum.votes[0]).toMatchObject({ counts: false, code: "DigestMismatch" });
    expect(quorum.votes[0]?.note).toContain("artifact, policy");
  });

  it("does not count a person who left the tenant after voting", () => {
    const smaller = tenantOf({ people: tenant.people.filter((person) => person.id !== "owner") });
    expect(count([vote("owner"), vote("manager")], "dev", smaller).met).toBe(false);
  });
});

describe("the single person of a fresh installation", () => {
  const alone = {
    people: [{ id: "sam", roles: ["ReleaseManager"] }],
    separationOfDuties: "single-person",
    releasePolicy: { environments: { production: { requiresApproval: true } } },
  };

  it("may approve what they handed over, and the record says so", () => {
    const quorum = count([vote("sam")], "sam", tenantOf(alone));
    expect(quorum).toMatchObject({ met: true, votes: [{ note: "self-approved, single person" }] });
  });

  it("may not as soon as there is a second person", () => {
    const two = tenantOf({ ...alone, people: [...alone.people, { id: "kim", roles: ["Developer"] }] });
    expect(count([vote("sam")], "sam", two).votes[0]).toMatchObject({ code: "SelfApproval" });
  });

  it("may not in compliance mode", () => {
    const of = tenantOf(alone);
    const policy = effectivePolicy(of, "production", true);
    expect(refusalOfVoter({ tenant: of, policy, sponsor: "sam" }, "sam")?.code).toBe("SelfApproval");
  });
});

it("production that no policy names is approved by a person all the same", () => {
  expect(
    effectivePolicy(tenantOf({ people: tenant.people, releasePolicy: { environments: {} } }), "production"),
  ).toMatchObject({
    requiresApproval: true,
  });
});

it("whatever the votes, a met quorum holds enough different, entitled people other than the sponsor", () => {
  const people = ["a", "b", "c", "d"];
  const declared = fc.tuple(
    ...people.map(() => fc.uniqueArray(fc.constantFrom(...roleSchema.options), { maxLength: 3 })),
  );
  const ballots = fc.array(fc.record({ by: fc.constantFrom(...people, "agent:x"), stale: fc.boolean() }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(declared, ballots, fc.constantFrom(...people), (roles, cast, sponsor) => {
      const of = tenantOf({ people: people.map((id, index) => ({ id, roles: roles[index] ?? [] })) });
      const votes = cast.map(({ by, stale }) =>
        vote(by, stale ? { digests: { ...digests, tree: "old" } } : {}),
      );
      const quorum = count(votes, sponsor, of);
      const counted = new Set(quorum.votes.filter((one) => one.counts).map((one) => one.by));
      const { roles: wanted } = effectivePolicy(of, "production");
      for (const person of counted) {
        expect(person).not.toBe(sponsor);
        expect(of.people.find(({ id }) => id === person)?.roles.some((role) => wanted.includes(role))).toBe(
          true,
        );
      }
      expect(quorum.met).toBe(counted.size >= 2);
    }),
  );
});

it("names exactly the digests that differ", () => {
  fc.assert(
    fc.property(fc.subarray(Object.keys(digests) as (keyof Digests)[]), (changed) => {
      const other = { ...digests };
      for (const name of changed) other[name] = `${digests[name]}!`;
      expect(changedDigests(other, digests).sort()).toEqual([...changed].sort());
    }),
  );
});
