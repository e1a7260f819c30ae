import { createTestDatabase } from "../../../../test/support/database.ts";
import { releaseLedgerConformance } from "../../../ports/release-ledger.conformance.ts";
import { createReleaseLedger } from "./create-release-ledger.ts";

releaseLedgerConformance("the ledger in PostgreSQL", async () => {
  const { pool, drop } = await createTestDatabase();
  return { ledger: createReleaseLedger({ pool }), dispose: drop };
});
