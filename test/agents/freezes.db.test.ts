import { afterAll, beforeAll, expect, test } from "vitest";
import { createFreezes } from "../../src/adapters/freezes/postgres/create-freezes.ts";
import { createPostgresJournal } from "../../src/adapters/journal/postgres/postgres-journal.ts";
import { type Freeze, freezeSchema } from "../../src/domain/freeze/freeze.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { createTestDatabase } from "../support/database.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let journal: Journal;
const clock = createVirtualClock("2026-11-20T12:00:00Z");
beforeAll(async () => {
  database = await createTestDatabase();
  journal = createPostgresJournal(database.pool, clock);
});
afterAll(() => database.drop());

const declared = freezeSchema.parse({ id: "declared", reason: "year-end", start: "2026-12-18T17:00" });
const freezes = () =>
  createFreezes({
    pool: database.pool,
    journal,
    tenants: {
      get: async (id) =>
        tenantSchema.parse({
          id,
          people: [{ id: "jane", roles: ["StudioAdmin"] }],
          environments: [{ id: "production" }],
          freezes: id === "acme" ? [declared] : [],
        }),
    },
  });

const set = (tenantId: string, freeze: Freeze, actor = "max") =>
  journal.append(tenantId, [
    { act: "FreezeSet", actor, data: { id: freeze.id, freeze: freeze as unknown as JsonObject } },
  ]);
const lifted = (tenantId: string, id: string) =>
  journal.append(tenantId, [{ act: "FreezeLifted", actor: "rita", data: { id, reason: "over" } }]);
const idsOf = async (tenantId: string) => (await freezes().read(tenantId)).map(({ id }) => id);

test("what was declared, set and not lifted holds, and each tenant's freezes are its own", async () => {
  const own = (id: string) => freezeSchema.parse({ id, reason: "incident", start: "2026-11-20T12:00" });
  await set("acme", own("one"));
  await set("acme", own("two"));
  await set("globex", own("theirs"));
  await journal.append("acme", [
    { act: "FreezeLiftAsked", actor: "max", data: { id: "one", reason: "mended" } },
  ]);
  expect(await idsOf("acme")).toEqual(["declared", "one", "two"]);
  expect((await freezes().read("acme"))[1]).toMatchObject({
    setBy: { person: "max", at: "2026-11-20T12:00:00.000Z" },
    liftAsked: { by: "max", reason: "mended" },
  });
  await lifted("acme", "one");
  await lifted("globex", "two");
  expect(await idsOf("acme")).toEqual(["declared", "two"]);
  expect(await idsOf("globex")).toEqual(["theirs"]);
  await set("acme", own("one"), "rita");
  expect((await freezes().read("acme")).at(-1)).toMatchObject({ id: "one", setBy: { person: "rita" } });
});

test("they are all found among many other entries", async () => {
  const many = Array.from({ length: 2_500 }, (_, index) =>
    freezeSchema.parse({ ...declared, id: `f-${index}` }),
  );
  const drafts = many.map((freeze) => ({
    act: "FreezeSet" as const,
    actor: "max",
    data: { id: freeze.id, freeze: freeze as unknown as JsonObject },
  }));
  await journal.append("initech", [{ act: "AccessDenied", actor: "sam", data: {} }, ...drafts]);
  expect(await idsOf("initech")).toHaveLength(2_500);
});

test("the newest time goes forward only, whoever tells it, and also by what was written in the journal", async () => {
  const at = (time: string) => freezes().newestTime("umbrella", new Date(time));
  expect(await at("2026-11-20T12:00:00.000Z")).toEqual(new Date("2026-11-20T12:00:00.000Z"));
  const times = Array.from(
    { length: 40 },
    (_, index) => `2026-11-21T00:${String((index * 7) % 40).padStart(2, "0")}:00.000Z`,
  );
  await Promise.all(times.map(at));
  expect(await at("2026-11-01T00:00:00.000Z")).toEqual(new Date("2026-11-21T00:39:00.000Z"));

  clock.advance(10 * 24 * 60 * 60_000);
  await journal.append("umbrella", [{ act: "AccessPermitted", actor: "max", data: {} }]);
  const before = createPostgresJournal(database.pool, createVirtualClock("2026-11-02T00:00:00Z"));
  await before.append("umbrella", [{ act: "AccessPermitted", actor: "max", data: {} }]);
  expect(await at("2026-11-02T00:00:00.000Z")).toEqual(new Date("2026-11-30T12:00:00.000Z"));
  expect(await freezes().newestTime("hooli", new Date("2026-01-01T00:00:00Z"))).toEqual(
    new Date("2026-01-01T00:00:00Z"),
  );
});
