/** Access tokens in the database, as hashes: who reads the table cannot call with what is in it. */
import { createHash, randomBytes } from "node:crypto";
import type { Pool } from "pg";
import type { Accounts } from "../../../ports/accounts.ts";

const tokenPrefix = "cst_";
const tokenForm = /^cst_[A-Za-z0-9_-]{43}$/;
const tokenBytes = 32;

export function createPostgresAccounts(pool: Pool): Accounts {
  return {
    async issueToken({ tenantId, person }, label) {
      const token = tokenPrefix + randomBytes(tokenBytes).toString("base64url");
      await pool.query(
        `insert into connectsoft.access_tokens (sha256, tenant_id, person, label) values ($1, $2, $3, $4)`,
        [hashOf(token), tenantId, person, label],
      );
      return token;
    },
    async authenticate(token) {
      if (!tokenForm.test(token)) return undefined;
      // A token is found by its hash; how long that takes tells nothing of a secret with 256 random bits.
      const { rows } = await pool.query<{ tenant_id: string; person: string }>({
        name: "authenticate",
        text: `select a.tenant_id, a.person from connectsoft.access_tokens a
               where a.sha256 = $1 and a.revoked_at is null`,
        values: [hashOf(token)],
      });
      return rows[0] && { tenantId: rows[0].tenant_id, person: rows[0].person };
    },
    async revokeTokens({ tenantId, person }) {
      const { rowCount } = await pool.query(
        `update connectsoft.access_tokens a set revoked_at = now()
         where a.tenant_id = $1 and a.person = $2 and a.revoked_at is null`,
        [tenantId, person],
      );
      return rowCount ?? 0;
    },
  };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
