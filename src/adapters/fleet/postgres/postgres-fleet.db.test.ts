import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import type { Campaign, CampaignItem } from "../../../domain/fleet/campaign.ts";
import { createPostgresFleet } from "./postgres-fleet.ts";

const campaign: Campaign = {
  tenantId: "acme",
  campaignId: "upgrade-1",
  reason: "newer base images",
  status: "planning",
  atOnce: 2,
  perHour: 10,
  createdBy: "jane",
  createdAt: "2025-05-23T10:00:00.000Z",
};
const item: CampaignItem = { moduleId: "shop", host: "host-1", status: "unplanned", files: [], detail: "" };

describe("campaigns on PostgreSQL", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test("are kept whole, and the newest is found without its name", async () => {
    const fleet = createPostgresFleet(database.pool);
    await fleet.create(campaign, [{ ...item, moduleId: "till" }, item]);
    const later = { ...campaign, campaignId: "upgrade-2", createdAt: "2025-05-24T10:00:00.000Z" };
    await fleet.create(later, [item]);
    expect(await fleet.get("acme")).toEqual(later);
    expect(await fleet.get("acme", "upgrade-1")).toEqual(campaign);
    expect(await fleet.get("other")).toBeUndefined();
    expect(await fleet.items(campaign)).toEqual([item, { ...item, moduleId: "till" }]);
  });

  test("an item's news are there for the next process", async () => {
    const fleet = createPostgresFleet(database.pool);
    const news: CampaignItem = {
      ...item,
      status: "started",
      files: [{ path: "Dockerfile", status: "changed" }],
      startedAt: "2025-05-23T11:00:00.000Z",
    };
    await fleet.setItem(campaign, news);
    expect(await fleet.items(campaign)).toContainEqual(news);
  });

  test("what is neither planned nor run is at rest, and the pace changes only where it is said", async () => {
    const fleet = createPostgresFleet(database.pool);
    await fleet.update(campaign, { status: "running", atOnce: 7 });
    expect(await fleet.get("acme", "upgrade-1")).toMatchObject({ status: "running", atOnce: 7, perHour: 10 });
    await fleet.update(campaign, { status: "done" });
    expect((await fleet.atWork()).map(({ campaignId }) => campaignId)).toEqual(["upgrade-2"]);
  });

  test("one process at a time advances a campaign, and the next may after it", async () => {
    const fleet = createPostgresFleet(database.pool);
    const within = await new Promise<boolean>((resolve, reject) => {
      fleet
        .alone(campaign, "host-1", async () => resolve(await fleet.alone(campaign, "host-1", async () => {})))
        .catch(reject);
    });
    expect(within).toBe(false);
    await expect.poll(() => fleet.alone(campaign, "host-1", async () => {})).toBe(true);
    const failing = fleet.alone(campaign, "host-1", async () => {
      throw new Error("out of flour");
    });
    await expect(failing).rejects.toThrow("out of flour");
    expect(await fleet.alone(campaign, "host-1", async () => {})).toBe(true);
  });
});
