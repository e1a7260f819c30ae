import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import type { Delegation } from "../../../domain/release/delegation.ts";
import { createPostgresDelegations } from "./postgres-delegations.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const july: Delegation = {
  id: "d1",
  from: "ada",
  to: "max",
  role: "ReleaseManager",
  reason: "on holiday",
  begins: "2026-07-01T00:00:00.000Z",
  ends: "2026-08-01T00:00:00.000Z",
  madeAt: "2026-06-01T00:00:00.000Z",
};

test("are read as they were made, by tenant", async () => {
  const delegations = createPostgresDelegations(database.pool);
  await delegations.add("acme", july);
  expect(await delegations.list("acme")).toEqual([july]);
  expect(await delegations.list("globex")).toEqual([]);
});

test("of one role do not overlap, also when many are made at once", async () => {
  const delegations = createPostgresDelegations(database.pool);
  const made = await Promise.allSettled(
    ["max", "sam", "kim", "olga"].map((to, index) =>
      delegations.add("hooli", { ...july, id: `d${index}`, to }),
    ),
  );
  expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await delegations.list("hooli")).toHaveLength(1);
  await delegations.add("hooli", {
    ...july,
    id: "next",
    begins: july.ends,
    ends: "2026-09-01T00:00:00.000Z",
  });
  await delegations.add("hooli", { ...july, id: "role", role: "ProductOwner" });
  expect(await delegations.list("hooli")).toHaveLength(3);
});

test("are ended once, by whoever was first, and make room for another", async () => {
  const delegations = createPostgresDelegations(database.pool);
  await delegations.add("initech", july);
  const ended = { at: "2026-07-10T00:00:00.000Z", by: "ada" };
  expect(await delegations.end("initech", "d1", ended)).toEqual({ ...july, ended });
  expect(await delegations.end("initech", "d1", { at: "2026-07-11T00:00:00.000Z", by: "eve" })).toEqual({
    ...july,
    ended,
  });
  expect(await delegations.end("initech", "unknown", ended)).toBeUndefined();
  expect(await delegations.end("acme", "d2", ended)).toBeUndefined();
  await delegations.add("initech", { ...july, id: "d2", begins: "2026-07-10T00:00:00.000Z", to: "sam" });
});
