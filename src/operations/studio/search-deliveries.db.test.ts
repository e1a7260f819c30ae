import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Subject } from "../../domain/scope.ts";
import { catalogue } from "../catalogue.ts";
import type { DeliveryCounts } from "./count-deliveries.ts";
import type { DeliveryPage } from "./search-deliveries.ts";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
});
afterAll(() => stage.close());

async function ask(operation: string, input: object): Promise<unknown> {
  const found = catalogue.find(({ name }) => name === operation);
  return await found?.run(stage.system, stage.as("jane"), input);
}

const search = async (input: object = {}) => (await ask("searchDeliveries", input)) as DeliveryPage;

/** `live 3`, the most urgent first. */
async function counted(input: object): Promise<string[]> {
  const { states } = (await ask("countDeliveries", input)) as DeliveryCounts;
  return states.map(({ word, count }) => `${word} ${count}`);
}

describe("the board", () => {
  test("shows where a delivery stands, environment by environment, and for whom it waits", async () => {
    const { items, nextCursor } = await search();
    expect(items).toMatchObject([
      {
        subject,
        state: { word: "needs-approval", tone: "attention" },
        environments: ["staging", "production"],
        places: [
          { environment: "staging", state: { word: "live" }, releaseId: "release-000001" },
          { environment: "production", state: { word: "needs-approval" }, releaseId: "release-000002" },
        ],
        sponsor: "jane",
        compliance: false,
      },
    ]);
    expect(items[0]?.sentence).toContain("waits for an approval");
    expect(items[0]?.waitsFor).toBe("ProductOwner");
    expect(nextCursor).toBeUndefined();
  });

  test.each([
    [{ q: "BOOKING jane" }, 1],
    [{ q: "100%" }, 0],
    [{ q: "nobody" }, 0],
    [{ state: "needs-approval,failed" }, 1],
    [{ state: "live" }, 0],
    [{ environment: "staging", state: "live" }, 1],
    [{ environment: "production", state: "live" }, 0],
    [{ environment: "moon" }, 0],
    [{ sponsor: "jane", moduleId: "booking-service" }, 1],
    [{ sponsor: "max" }, 0],
    [{ from: "2999-01-01T00:00:00Z" }, 0],
    [{ to: "2999-01-01T00:00:00Z" }, 1],
  ])("finds by %j", async (input, count) => {
    expect((await search(input)).items).toHaveLength(count);
  });

  test("counts whatever states are asked for, and names those that are", async () => {
    expect(await counted({})).toEqual(["needs-approval 1"]);
    expect(await counted({ q: "BOOKING", state: "failed" })).toEqual(["needs-approval 1", "failed 0"]);
    expect(await counted({ sponsor: "max" })).toEqual([]);
  });

  test("counts the states of an environment where one is asked for", async () => {
    expect(await counted({ environment: "staging" })).toEqual(["live 1"]);
  });

  test.each([
    ["cursor", "not-one"],
    ["state", "sleepy"],
    ["limit", "1000"],
  ])("refuses a %s that is none", async (field, value) => {
    await expect(search({ [field]: value })).rejects.toThrow(`${field}`);
  });

  test("pages without a gap or a repetition, also where many began at the same time", async () => {
    const { pool } = stage;
    await pool.query(
      `insert into connectsoft.delivery_cards
         (subject, tenant_id, trace_id, module_id, version, sponsor, state, places, search, created_at)
       select 'vetclinic-001/old-' || n || '/shop', 'vetclinic-001', 'old-' || n, 'shop', '1', 'max', 'live', '{}', 'old',
              '2020-01-01T00:00:00.000001Z' from generate_series(1, 7) n`,
    );
    await pool.query(
      `insert into connectsoft.deliveries
       select replace(d.subject, $1, c.trace_id), d.tenant_id, c.trace_id, 'shop', d.phase, d.sequence, d.hash, d.hand_over,
              d.state, d.active, c.created_at, d.updated_at
         from connectsoft.delivery_cards c, connectsoft.deliveries d where c.module_id = 'shop' and d.trace_id = $1`,
      [subject.traceId],
    );
    await pool.query(`update connectsoft.deliveries set subject = replace(subject, '/booking-service', '/shop')
      where module_id = 'shop'`);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search({ moduleId: "shop", limit: 3, ...(cursor !== undefined && { cursor }) });
      seen.push(...page.items.map((item) => item.subject.traceId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(["old-7", "old-6", "old-5", "old-4", "old-3", "old-2", "old-1"]);
  });
});
