import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Teams } from "../../domain/tenant/teams.ts";
import { approveRelease } from "../decide-release.ts";
import { boardFilterInput } from "./board-filter.ts";
import { countDeliveries } from "./count-deliveries.ts";
import { getInsight, insightInput } from "./get-insight.ts";
import { searchDeliveries, searchDeliveriesInput } from "./search-deliveries.ts";
import { listTeams } from "./teams.ts";

const tenantId = "vetclinic-001";
const teams: Teams = {
  booking: { modules: ["booking-*"] },
  hands: { members: ["jane"] },
  payments: { modules: ["pay*"], members: ["max"] },
};

let stage: TestSystem;
beforeAll(async () => {
  stage = await createTestSystem();
  const { system, as } = stage;
  await system.tenants.put({ ...(await system.tenants.get(tenantId)), teams }, "ada");
  const subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  await approveRelease(system, as("max"), { releaseId: "release-000002", comment: "seen it in staging" });
  await stage.until(subject, (_sentence, kind) => kind === "published");
});
afterAll(() => stage.close());

const board = (team: string) =>
  searchDeliveries(stage.system, stage.as("jane"), searchDeliveriesInput.parse({ team }));
const insight = (asked: object) => getInsight(stage.system, stage.as("jane"), insightInput.parse(asked));

describe("teams of a tenant", () => {
  test("are told to who may look", async () => {
    expect(await listTeams(stage.system, stage.as("jane"))).toEqual([
      { team: "booking", members: [], modules: ["booking-*"] },
      { team: "hands", members: ["jane"], modules: [] },
      { team: "payments", members: ["max"], modules: ["pay*"] },
    ]);
  });

  test.each([
    ["booking", 1],
    ["hands", 1],
    ["payments", 0],
  ])("narrow the board and its counts: %s", async (team, found) => {
    expect((await board(team)).items).toHaveLength(found);
    const asked = boardFilterInput.parse({ team });
    const { states } = await countDeliveries(stage.system, stage.as("jane"), asked);
    expect(states.map(({ count }) => count)).toEqual(found === 0 ? [] : [found]);
  });

  test("narrow the measures, and tell them apart; what is of several counts for each", async () => {
    expect((await insight({ team: "hands" })).total.deployments).toBe(1);
    expect((await insight({ team: "payments" })).total.deployments).toBe(0);
    const { groups, total } = await insight({ by: "team" });
    expect(groups).toMatchObject([
      { key: "booking", deployments: 1 },
      { key: "hands", deployments: 1 },
    ]);
    expect(total.deployments).toBe(1);
  });

  test("what is of none stands under an empty key", async () => {
    const { system } = stage;
    await system.tenants.put({ ...(await system.tenants.get(tenantId)), teams: {} }, "ada");
    expect((await insight({ by: "team" })).groups).toMatchObject([{ key: "", deployments: 1 }]);
    await expect(board("booking")).rejects.toThrow("vetclinic-001 has no team booking; it has none");
    await expect(insight({ team: "constructor" })).rejects.toThrow("has no team constructor");
  });
});
