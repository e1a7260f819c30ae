import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/database.ts";
import { tokenIdOf } from "../../../domain/access/access-token.ts";
import { createPostgresAccounts } from "./postgres-accounts.ts";

describe("accounts on PostgreSQL", () => {
  const jane = { tenantId: "vetclinic-001", person: "jane" };
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let now: Date;
  const accountsAt = () =>
    createPostgresAccounts(database.pool, { now: () => now, schedule: () => () => undefined });

  beforeEach(async () => {
    database = await createTestDatabase();
    now = new Date("2026-03-01T10:00:00Z");
  });
  afterEach(() => database.drop());

  test("a token is its holder's until it is revoked, and says when it was used", async () => {
    const accounts = accountsAt();
    const token = await accounts.issueToken(jane, "laptop");
    expect(await accounts.findToken(token)).toMatchObject({ ...jane, state: "good", id: tokenIdOf(token) });
    expect(await accounts.revokeToken("other-002", tokenIdOf(token), "eve")).toBe(false);
    expect(await accounts.revokeToken("vetclinic-001", tokenIdOf(token), "jane")).toBe(true);
    expect(await accounts.revokeToken("vetclinic-001", tokenIdOf(token), "jane")).toBe(false);
    expect(await accounts.findToken(token)).toMatchObject({ state: "revoked" });
    expect(await accounts.listTokens("vetclinic-001")).toMatchObject([
      { lastUsedAt: "2026-03-01T10:00:00.000Z", revokedAt: "2026-03-01T10:00:00.000Z" },
    ]);
    expect(await accounts.listTokens("other-002")).toEqual([]);
  });

  test("a token ends at its time and not before; one without a time does not end", async () => {
    const accounts = accountsAt();
    const short = await accounts.issueToken(jane, "short", { expiresAt: "2026-03-01T11:00:00Z" });
    const long = await accounts.issueToken(jane, "command line of the server's host");
    now = new Date("2026-03-01T10:59:59.999Z");
    expect(await accounts.findToken(short)).toMatchObject({ state: "good" });
    now = new Date("2026-03-01T11:00:00Z");
    expect(await accounts.findToken(short)).toMatchObject({ state: "expired" });
    now = new Date("2126-03-01T11:00:00Z");
    expect(await accounts.findToken(long)).toMatchObject({ state: "good" });
  });

  test("nothing in the database can be called with", async () => {
    const accounts = accountsAt();
    const token = await accounts.issueToken(jane, "laptop", { scope: ["read"], environments: ["staging"] });
    const { rows } = await database.pool.query("select * from connectsoft.access_tokens");
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(token.slice(4, 20));
    expect(await accounts.findToken(rows[0].sha256)).toBeUndefined();
    expect(await accounts.findToken(rows[0].token_id)).toBeUndefined();
    expect(await accounts.findToken("cst_' or 1=1 --")).toBeUndefined();
  });
});
