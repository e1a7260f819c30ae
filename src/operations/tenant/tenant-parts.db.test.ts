import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Right } from "../access/list-rights.ts";
import { catalogue } from "../catalogue.ts";
import type { FreezeWindow } from "../freezes/list-windows.ts";
import type { Proposed } from "../policy-changes/change-policy.ts";
import type { TenantParts } from "./describe-tenant.ts";

let stage: TestSystem;
beforeAll(async () => {
  stage = await createTestSystem();
});
afterAll(() => stage.close());

async function run<Answer>(name: string, person: string, input: object = {}): Promise<Answer> {
  const operation = catalogue.find((one) => one.name === name);
  return (await operation?.run(stage.system, stage.as(person), input)) as Answer;
}

describe("who administers a tenant", () => {
  test("sees what it declares, part by part", async () => {
    const parts = await run<TenantParts>("describeTenant", "jane");
    expect(parts.people.map(({ id }) => id)).toContain("jane");
    expect(parts.environments.map(({ id }) => id)).toEqual(["staging", "production"]);
  });

  test("is told of each act whether they may, and why not", async () => {
    const rights = await run<Right[]>("listRights", "jane", { environment: "production" });
    expect(rights.find(({ action }) => action === "view")).toEqual({ action: "view", allowed: true });
    for (const { allowed, why } of rights) expect(why === undefined).toBe(allowed);
  });

  test("finds every window of a freeze that recurs between two moments", async () => {
    await run("setFreeze", "max", {
      ...{ id: "fridays", reason: "No releases on Fridays", timeZone: "Europe/Berlin" },
      ...{ start: "2027-01-01T12:00", duration: "12h", rrule: "FREQ=WEEKLY;BYDAY=FR" },
    });
    const windows = await run<FreezeWindow[]>("listFreezeWindows", "jane", {
      ...{ from: "2027-01-01T00:00:00Z", to: "2027-02-01T00:00:00Z" },
    });
    expect(windows.map(({ from }) => from)).toEqual([
      "2027-01-01T11:00:00.000Z",
      "2027-01-08T11:00:00.000Z",
      "2027-01-15T11:00:00.000Z",
      "2027-01-22T11:00:00.000Z",
      "2027-01-29T11:00:00.000Z",
    ]);
    expect(windows[0]).toMatchObject({ id: "fridays", recurs: true, until: "2027-01-01T23:00:00.000Z" });
    await expect(
      run("listFreezeWindows", "jane", { from: "2027-02-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }),
    ).rejects.toThrow("to:");
  });

  test("gives a person roles by the word of two", async () => {
    const wish = { person: "newcomer", roles: ["Developer"], claims: [], reason: "Joins the team today" };
    const { proposal, mayConfirm, changes } = await run<Proposed>("declarePerson", "ada", wish);
    expect([mayConfirm, changes.join()]).toEqual([["max"], expect.stringContaining("newcomer")]);
    await run("confirmPolicy", "max", { proposal, comment: "known to me" });
    const parts = await run<TenantParts>("describeTenant", "ada");
    expect(parts.people.find(({ id }) => id === "newcomer")).toMatchObject({ roles: ["Developer"] });
    await expect(
      run("removePerson", "ada", { person: "nobody-here", reason: "Left the company" }),
    ).rejects.toThrow("names no person nobody-here");
    await expect(run("declarePerson", "ada", { ...wish, reason: "" })).rejects.toThrow("needs a reason");
  });
});
