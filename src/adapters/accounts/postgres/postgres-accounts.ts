/** Access tokens in the database, as hashes: who reads the table cannot call with what is in it. */
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { isAccessToken, type ScopeWord } from "../../../domain/access/access-token.ts";
import { askTogether } from "../../../domain/ask-together.ts";
import { sha256Hex } from "../../../domain/canonical-json.ts";
import type { Accounts, TokenFacts } from "../../../ports/accounts.ts";
import type { Clock } from "../../../ports/clock.ts";

const tokenPrefix = "cst_";
const tokenBytes = 32;
/** The last use is written no more often than this. */
const usedEveryMs = 60_000;

interface Row {
  token_id: string;
  tenant_id: string;
  person: string;
  label: string;
  issued_at: Date;
  issued_by: string | null;
  scope: ScopeWord[] | null;
  environments: string[] | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const columns = `a.token_id, a.tenant_id, a.person, a.label, a.issued_at, a.issued_by, a.scope, a.environments,
  a.expires_at, a.last_used_at, a.revoked_at`;

export function createPostgresAccounts(pool: Pool, clock: Clock): Accounts {
  /** Each request asks for its token: those that come at once are one question. */
  const tokensOf = askTogether(async (hashes: string[]) => {
    const { rows } = await pool.query<Row & { sha256: string }>({
      name: "find-tokens",
      text: `select a.sha256, ${columns} from connectsoft.access_tokens a where a.sha256 = any($1::text[])`,
      values: [hashes],
    });
    return new Map(rows.map((row) => [row.sha256, row]));
  });

  return {
    async issueToken({ tenantId, person }, label, { scope, environments, expiresAt, issuedBy } = {}) {
      const token = tokenPrefix + randomBytes(tokenBytes).toString("base64url");
      await pool.query(
        `insert into connectsoft.access_tokens
           (sha256, tenant_id, person, label, issued_at, issued_by, scope, environments, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[sha256Hex(token), tenantId, person, label, clock.now(), issuedBy ?? null],
          ...[scope ?? null, environments ?? null, expiresAt ?? null],
        ],
      );
      return token;
    },
    async findToken(token) {
      if (!isAccessToken(token)) return undefined;
      // A token is found by its hash; how long that takes tells nothing of a secret with 256 random bits.
      const hash = sha256Hex(token);
      const row = (await tokensOf(hash)).get(hash);
      if (row === undefined) return undefined;
      const now = clock.now();
      const facts = factsOf(row, now);
      if (facts.state === "good") await noteUse(pool, row, now);
      return facts;
    },
    async findTokenById(tenantId, id) {
      const { rows } = await pool.query<Row>({
        name: "find-token-by-id",
        text: `select ${columns} from connectsoft.access_tokens a where a.tenant_id = $1 and a.token_id = $2`,
        values: [tenantId, id],
      });
      return rows[0] && factsOf(rows[0], clock.now());
    },
    async listTokens(tenantId, person) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.access_tokens a
         where a.tenant_id = $1 and ($2::text is null or a.person = $2) order by a.issued_at desc, a.token_id`,
        [tenantId, person ?? null],
      );
      return rows.map((row) => factsOf(row, clock.now()));
    },
    async revokeToken(tenantId, id, by) {
      const { rowCount } = await pool.query(
        `update connectsoft.access_tokens a set revoked_at = $4, revoked_by = $3
         where a.tenant_id = $1 and a.token_id = $2 and a.revoked_at is null`,
        [tenantId, id, by, clock.now()],
      );
      return rowCount === 1;
    },
  };
}

async function noteUse(pool: Pool, { tenant_id, token_id, last_used_at }: Row, now: Date): Promise<void> {
  if (last_used_at !== null && now.getTime() - last_used_at.getTime() < usedEveryMs) return;
  await pool.query(
    `update connectsoft.access_tokens a set last_used_at = $3 where a.tenant_id = $1 and a.token_id = $2`,
    [tenant_id, token_id, now],
  );
}

function factsOf(row: Row, now: Date): TokenFacts {
  const { issued_by, scope, environments, expires_at, last_used_at, revoked_at } = row;
  const expired = expires_at !== null && expires_at.getTime() <= now.getTime();
  return {
    id: row.token_id,
    tenantId: row.tenant_id,
    person: row.person,
    label: row.label,
    issuedAt: row.issued_at.toISOString(),
    ...(issued_by !== null && { issuedBy: issued_by }),
    ...(scope !== null && { scope }),
    ...(environments !== null && { environments }),
    ...(expires_at !== null && { expiresAt: expires_at.toISOString() }),
    ...(last_used_at !== null && { lastUsedAt: last_used_at.toISOString() }),
    ...(revoked_at !== null && { revokedAt: revoked_at.toISOString() }),
    state: revoked_at !== null ? "revoked" : expired ? "expired" : "good",
  };
}
