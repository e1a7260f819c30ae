import { expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/database.ts";
import { releaseLedgerConformance } from "../../../ports/release-ledger.conformance.ts";
import { createReleaseLedger } from "./create-release-ledger.ts";

releaseLedgerConformance("the ledger in PostgreSQL", async () => {
  const { pool, drop } = await createTestDatabase();
  return { ledger: createReleaseLedger({ pool }), dispose: drop };
});

test("a connection that kept turns ends nobody's program when it is lost in other hands", async () => {
  const { pool, drop } = await createTestDatabase();
  pool.on("connect", (client) => client.on("error", () => {}));
  const ledger = createReleaseLedger({ pool });
  const place = { tenantId: "acme", environment: "staging", moduleId: "shop" };
  await ledger.inTurn(place, new AbortController().signal, async () => {});
  // The turn's connection is the only one, and idle by now.
  await expect.poll(() => pool.idleCount).toBe(1);
  const client = await pool.connect();
  expect(client.listenerCount("error")).toBeGreaterThan(0);
  client.release();
  await drop();
});
