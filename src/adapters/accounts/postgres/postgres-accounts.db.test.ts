import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import { createPostgresAccounts } from "./postgres-accounts.ts";

describe("accounts on PostgreSQL", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  const jane = { tenantId: "vetclinic-001", person: "jane.doe" };

  test("knows a person by a token that it issued, until it is revoked", async () => {
    const accounts = createPostgresAccounts(database.pool);
    const token = await accounts.issueToken(jane, "laptop");
    expect(await accounts.authenticate(token)).toEqual(jane);
    expect(await accounts.revokeTokens(jane)).toBe(1);
    expect(await accounts.authenticate(token)).toBeUndefined();
  });

  test("keeps no token that could be used", async () => {
    const accounts = createPostgresAccounts(database.pool);
    const token = await accounts.issueToken(jane, "laptop");
    const { rows } = await database.pool.query("select a::text as row from connectsoft.access_tokens a");
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
  });

  test.each(["", "cst_", "cst_' or 1=1 --", `cst_${"x".repeat(43)}`])("does not know %j", async (token) => {
    expect(await createPostgresAccounts(database.pool).authenticate(token)).toBeUndefined();
  });
});
