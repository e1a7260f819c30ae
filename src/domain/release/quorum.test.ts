import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digests } from "../event/event-catalogue.ts";
import { roleSchema, type Tenant, tenantSchema } from "../tenant/tenant.ts";
import { type Seat, seatsOf } from "./approval-policy.ts";
import type { Delegation } from "./delegation.ts";
import { effectivePolicy } from "./effective-policy.ts";
import {
  changedDigests,
  countQuorum,
  nextExpiry,
  type QuorumSubject,
  type Vote,
  whoFurthers,
} from "./quorum.ts";
import { refusalOfVoter } from "./voters.ts";

const digests: Digests = {
  commit: "c",
  tree: "t",
  artifact: "a",
  image: "m",
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
  return {
    id: "vote",
    by,
    roles: roleSchema.options,
    comment: "checked",
    method: "CLI",
    at: "2025-05-23T10:00:00.000Z",
    digests,
    signature: { good: true, label: "signed" },
    ...more,
  };
}

function subjectOf(of: Tenant, sponsor: string, more: Partial<QuorumSubject> = {}): QuorumSubject {
  const policy = effectivePolicy(of, "production");
  return {
    tenant: of,
    policy,
    sponsor,
    authors: [],
    delegations: [],
    now: "2025-05-23T12:00:00.000Z",
    digests,
    ...more,
  };
}

function count(votes: Vote[], sponsor = "dev", of: Tenant = tenant, more: Partial<QuorumSubject> = {}) {
  return countQuorum(subjectOf(of, sponsor, more), votes);
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

  it("does not count who wrote the change", () => {
    expect(count([vote("owner")], "dev", tenant, { authors: ["owner"] }).votes[0]).toMatchObject({
      counts: false,
      code: "SelfApproval",
      note: expect.stringContaining("owner wrote commits of this change"),
    });
  });

  it("does not count a vote whose signature does not hold, whatever else is right with it", () => {
    const forged = vote("owner", { signature: { good: false, why: "is not signed" } });
    expect(count([forged, vote("manager")])).toMatchObject({
      met: false,
      votes: [{ counts: false, code: "SignatureInvalid", note: "the vote is not signed" }, { counts: true }],
    });
  });

  it("does not count a vote that was voided, although what it bound is there again", () => {
    expect(count([vote("owner", { voided: "changed since" })]).votes[0]).toMatchObject({ counts: false });
    expect(count([vote("owner", { voided: "changed since" }), vote("owner"), vote("manager")]).met).toBe(
      true,
    );
  });

  it("does not count a person who left the tenant after voting", () => {
    const smaller = tenantOf({ people: tenant.people.filter((person) => person.id !== "owner") });
    expect(count([vote("owner"), vote("manager")], "dev", smaller).met).toBe(false);
  });
});

const people = [
  { id: "owner", roles: ["ProductOwner"] },
  { id: "sec", roles: ["SecurityReviewer"] },
  { id: "both", roles: ["ProductOwner", "SecurityReviewer"] },
  { id: "manager", roles: ["ReleaseManager"] },
  { id: "dev", roles: ["Developer"] },
];

function asking(policy: object): Tenant {
  return tenantOf({
    people,
    releasePolicy: { environments: { production: { requiresApproval: true, ...policy } } },
  });
}

describe("approvals by role and name", () => {
  const ownerAndSecurity = asking({
    approvals: [{ roles: ["ProductOwner"] }, { roles: ["SecurityReviewer", "ReleaseManager"] }],
  });

  it("finds the quorum that is there, in whatever order the votes came", () => {
    for (const order of [
      ["both", "owner"],
      ["owner", "both"],
    ])
      expect(
        count(
          order.map((by) => vote(by)),
          "dev",
          ownerAndSecurity,
        ),
      ).toMatchObject({ met: true });
    expect(count([vote("both"), vote("sec")], "dev", ownerAndSecurity).votes).toMatchObject([
      { by: "both", role: "ProductOwner" },
      { by: "sec", role: "SecurityReviewer" },
    ]);
  });

  it("counts a person for one of them, although they could give both", () => {
    expect(count([vote("both")], "dev", ownerAndSecurity)).toMatchObject({ met: false, missing: 1 });
  });

  it("is not met by two of the same kind, and says which is missing", () => {
    const quorum = count([vote("sec"), vote("manager")], "dev", ownerAndSecurity);
    expect(quorum).toMatchObject({ met: false, open: [{ roles: ["ProductOwner"] }] });
    expect(quorum.votes.filter(({ counts }) => counts)).toHaveLength(1);
  });

  it("is brought forward by whoever fills a place that is left, and by nobody else", () => {
    const left = (...by: string[]) => {
      const quorum = count(
        by.map((one) => vote(one)),
        "dev",
        ownerAndSecurity,
      );
      return whoFurthers(subjectOf(ownerAndSecurity, "dev"), quorum);
    };
    expect(left()).toEqual(["owner", "sec", "both", "manager"]);
    expect(left("sec")).toEqual(["owner", "both"]);
    // Who gave one of two that they could give makes room for either.
    expect(left("both")).toEqual(["owner", "sec", "manager"]);
    expect(left("owner", "sec")).toEqual([]);
  });

  it("waits for the people who are named", () => {
    const named = asking({ approvals: [{ people: ["dev"] }, { roles: ["ProductOwner"] }] });
    expect(count([vote("owner"), vote("both")], "sec", named)).toMatchObject({
      met: false,
      open: [{ person: "dev" }],
    });
    expect(count([vote("owner"), vote("dev")], "sec", named).met).toBe(true);
  });

  it("asks for more by `minApprovers`, of its own roles", () => {
    const more = asking({
      approvals: [{ roles: ["ProductOwner"] }],
      roles: ["ReleaseManager"],
      minApprovers: 2,
    });
    expect(count([vote("owner"), vote("both")], "dev", more).met).toBe(false);
    expect(count([vote("owner"), vote("manager")], "dev", more).met).toBe(true);
  });

  it("wants different roles where policy says so", () => {
    const different = asking({
      roles: ["ProductOwner", "SecurityReviewer"],
      minApprovers: 2,
      distinctRoles: true,
    });
    const two = {
      ...different,
      people: [...different.people, { id: "kim", roles: ["ProductOwner" as const] }],
    };
    expect(count([vote("owner"), vote("kim")], "dev", two).met).toBe(false);
    expect(count([vote("owner"), vote("kim"), vote("both")], "dev", two).met).toBe(true);
  });
});

describe("a vote with an end", () => {
  const expiring = asking({ approvalExpiry: "3d" });
  it("does not count after it, and says so", () => {
    const at = "2025-05-20T11:00:00.000Z";
    expect(nextExpiry(count([vote("owner", { at })], "dev", expiring, { now: at }))).toBe(
      "2025-05-23T11:00:00.000Z",
    );
    expect(count([vote("owner", { at })], "dev", expiring).votes[0]).toMatchObject({
      counts: false,
      code: "ApprovalExpired",
      note: expect.stringContaining("held until 2025-05-23T11:00:00.000Z"),
    });
  });

  it("does not count where it says that it comes from the future", () => {
    const later = vote("owner", { at: "2025-05-24T12:00:00.000Z" });
    expect(count([later], "dev", expiring).votes[0]).toMatchObject({ counts: false });
  });
});

describe("a delegated role", () => {
  const asked = asking({ roles: ["ReleaseManager"] });
  const delegation: Delegation = {
    id: "d1",
    from: "manager",
    to: "owner",
    role: "ReleaseManager",
    reason: "on holiday",
    begins: "2025-05-23T00:00:00.000Z",
    ends: "2025-05-24T00:00:00.000Z",
    madeAt: "2025-05-22T00:00:00.000Z",
  };
  const byDelegate = vote("owner", { onBehalfOf: "manager" });
  const counted = (votes: Vote[], more: Partial<QuorumSubject>, sponsor = "dev") =>
    count(votes, sponsor, asked, { delegations: [delegation], ...more }).votes.map((one) => one.counts);

  it("is voted in by the delegate, in the name of whose it is", () => {
    expect(count([byDelegate], "dev", asked, { delegations: [delegation] })).toMatchObject({
      met: true,
      votes: [{ note: "owner for manager", role: "ReleaseManager" }],
    });
  });

  it("is not voted in by whose it is as well", () => {
    expect(counted([vote("manager")], {})).toEqual([false]);
    const two = asking({ roles: ["ReleaseManager", "ProductOwner"], minApprovers: 2 });
    const before = vote("manager", { at: "2025-05-22T23:00:00.000Z" });
    expect(count([before, byDelegate], "dev", two, { delegations: [delegation] }).met).toBe(false);
  });

  it("goes no further: who has it by delegation cannot delegate it", () => {
    const next = { ...delegation, id: "d2", from: "owner", to: "sec" };
    const third = vote("sec", { onBehalfOf: "owner" });
    expect(counted([third], { delegations: [delegation, next] })).toEqual([false]);
  });

  it("is nothing to the sponsor or an author, on either side", () => {
    expect(counted([byDelegate], {}, "owner")).toEqual([false]);
    expect(counted([byDelegate], {}, "manager")).toEqual([false]);
    expect(counted([byDelegate], { authors: ["manager"] })).toEqual([false]);
  });

  it("counts after its period where the vote was given in it, and not where it was taken back", () => {
    expect(counted([byDelegate], { now: "2025-05-25T00:00:00.000Z" })).toEqual([true]);
    const late = vote("owner", { onBehalfOf: "manager", at: "2025-05-24T00:00:00.000Z" });
    expect(counted([late], { now: "2025-05-25T00:00:00.000Z" })).toEqual([false]);
    const ended = { ...delegation, ended: { at: "2025-05-23T11:00:00.000Z", by: "manager" } };
    expect(counted([byDelegate], { delegations: [ended] })).toEqual([false]);
  });

  it("does not fill the place of a person who is asked for by name", () => {
    const named = asking({ approvals: [{ people: ["manager"] }] });
    expect(count([byDelegate], "dev", named, { delegations: [delegation] }).met).toBe(false);
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
    expect(refusalOfVoter(subjectOf(of, "sam", { policy }), "sam")?.code).toBe("SelfApproval");
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

it("a quorum is met exactly where some way of seating the voters meets it", () => {
  const roles = ["ProductOwner", "SecurityReviewer", "ReleaseManager"] as const;
  const some = fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1, maxLength: 3 });
  const seats = fc.array(
    fc.oneof(fc.record({ roles: some }), fc.record({ people: fc.constantFrom(["a"], ["b"]) })),
    { minLength: 1, maxLength: 3 },
  );
  const voters = fc.array(some, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(seats, voters, fc.boolean(), (approvals, held, distinctRoles) => {
      const of = tenantOf({
        people: held.map((own, index) => ({ id: "abcd"[index], roles: own })),
        releasePolicy: { environments: { production: { requiresApproval: true, approvals, distinctRoles } } },
      });
      const quorum = count(
        of.people.map(({ id }) => vote(id)),
        "somebody else",
        of,
      );
      expect(quorum.met).toBe(seatable(seatsOf(effectivePolicy(of, "production")), of.people, distinctRoles));
      const used = quorum.votes.filter(({ counts }) => counts);
      expect(used.length + quorum.missing).toBe(approvals.length);
      if (distinctRoles) {
        const taken = used.flatMap(({ role }) => role ?? []);
        expect(new Set(taken).size).toBe(taken.length);
      }
    }),
  );
});

/** Tries every way. */
function seatable(
  [seat, ...rest]: readonly Seat[],
  people: readonly { id: string; roles: readonly string[] }[],
  distinct: boolean,
  used: readonly string[] = [],
): boolean {
  if (seat === undefined) return true;
  return people.some((person) => {
    const others = people.filter((one) => one !== person);
    if ("person" in seat) return seat.person === person.id && seatable(rest, others, distinct, used);
    return seat.roles.some(
      (role) =>
        person.roles.includes(role) &&
        !(distinct && used.includes(role)) &&
        seatable(rest, others, distinct, [...used, role]),
    );
  });
}

it("names exactly the digests that differ", () => {
  fc.assert(
    fc.property(fc.subarray(Object.keys(digests) as (keyof Digests)[]), (changed) => {
      const other = { ...digests };
      for (const name of changed) other[name] = `${digests[name]}!`;
      expect(changedDigests(other, digests).sort()).toEqual([...changed].sort());
    }),
  );
});
