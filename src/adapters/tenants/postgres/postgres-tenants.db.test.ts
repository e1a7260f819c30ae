import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import { defaultTenant } from "../../../domain/tenant/default-tenant.ts";
import { createPostgresTenants } from "./postgres-tenants.ts";

describe("tenants on PostgreSQL", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test("keeps every version and answers with the newest", async () => {
    const tenants = createPostgresTenants(database.pool);
    const first = defaultTenant("jane");
    await tenants.put(first, "jane");
    await tenants.put(first, "jane");
    const second = { ...first, separationOfDuties: "strict" as const };
    await tenants.put(second, "max");
    expect(await tenants.get("local")).toEqual(second);
    expect(await tenants.declaration("local")).toMatchObject({ version: 2, by: "max" });
    const { rows } = await database.pool.query("select version from connectsoft.tenants order by version");
    expect(rows).toEqual([{ version: 1 }, { version: 2 }]);
  });

  test("lets many writers put at once, each a whole version", async () => {
    const tenants = createPostgresTenants(database.pool);
    const names = ["ann", "bob", "cas", "dan"];
    await Promise.all(names.map((name) => tenants.put({ ...defaultTenant(name), id: "busy" }, name)));
    expect(await tenants.declaration("busy")).toMatchObject({ version: names.length });
    expect((await tenants.list()).map(({ id }) => id)).toEqual(["busy", "local"]);
  });

  test("does not tell an unknown tenant from a foreign one", async () => {
    const tenants = createPostgresTenants(database.pool);
    await expect(tenants.get("nobody")).rejects.toMatchObject({ refusal: { code: "TenantForbidden" } });
  });
});
