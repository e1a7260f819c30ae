/** Sessions and sign-in links in the database, as hashes: who reads the tables gets into no session with what is in them. */
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import {
  codePrefix,
  isLinkCode,
  isSessionSecret,
  linkLifeMs,
  type Origin,
  secretPrefix,
} from "../../../domain/access/session.ts";
import type { SessionLifetimes } from "../../../domain/access/session-lifetimes.ts";
import { sha256Hex } from "../../../domain/canonical-json.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { SessionFacts, Sessions } from "../../../ports/sessions.ts";

interface Row {
  session_id: string;
  tenant_id: string;
  person: string;
  origin: Origin;
  agent: string;
  began_at: Date;
  last_used_at: Date;
  ends_at: Date;
  ended_at: Date | null;
}

const columns = `s.session_id, s.tenant_id, s.person, s.origin, s.agent, s.began_at, s.last_used_at, s.ends_at, s.ended_at`;
/** The last use is written no more often than this. */
const usedEveryMs = 60_000;
const longestAgent = 200;
/** What is over is known for so long, and told apart from what never was. */
const keptMs = 30 * 24 * 3_600_000;

export function createPostgresSessions(
  pool: Pool,
  clock: Clock,
  { idleMs, longestMs }: SessionLifetimes,
): Sessions {
  return {
    async begin({ tenantId, person, origin, agent }) {
      const secret = secretPrefix + randomBytes(32).toString("base64url");
      const now = clock.now();
      await pool.query(`delete from connectsoft.sessions s where s.ends_at < $1`, [before(now, keptMs)]);
      const { rows } = await pool.query<Row>(
        `insert into connectsoft.sessions as s
           (sha256, tenant_id, person, origin, agent, began_at, last_used_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7) returning ${columns}`,
        [
          ...[sha256Hex(secret), tenantId, person, JSON.stringify(origin), agent.slice(0, longestAgent), now],
          new Date(now.getTime() + longestMs),
        ],
      );
      return { secret, session: factsOf(rows[0] as Row, { now, idleMs }) };
    },
    async find(secret) {
      if (!isSessionSecret(secret)) return undefined;
      const { rows } = await pool.query<Row>({
        name: "find-session",
        text: `select ${columns} from connectsoft.sessions s where s.sha256 = $1`,
        values: [sha256Hex(secret)],
      });
      if (rows[0] === undefined) return undefined;
      const now = clock.now();
      const facts = factsOf(rows[0], { now, idleMs });
      if (facts.state === "good") await noteUse(pool, rows[0], now);
      return facts;
    },
    async list(tenantId, person) {
      const now = clock.now();
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.sessions s
         where s.tenant_id = $1 and ($2::text is null or s.person = $2)
           and s.ended_at is null and s.ends_at > $3 and s.last_used_at > $4
         order by s.began_at desc, s.session_id`,
        [tenantId, person ?? null, now, before(now, idleMs)],
      );
      return rows.map((row) => factsOf(row, { now, idleMs }));
    },
    async end(tenantId, id, by) {
      const { rowCount } = await pool.query(
        `update connectsoft.sessions s set ended_at = $4, ended_by = $3
         where s.tenant_id = $1 and s.session_id = $2 and s.ended_at is null`,
        [tenantId, id, by, clock.now()],
      );
      return rowCount === 1;
    },
    async makeLink({ tenantId, person, origin }) {
      const code = codePrefix + randomBytes(32).toString("base64url");
      const now = clock.now();
      const endsAt = new Date(now.getTime() + linkLifeMs);
      await pool.query(
        `with old as (delete from connectsoft.sign_in_links l where l.ends_at <= $6)
         insert into connectsoft.sign_in_links (sha256, tenant_id, person, origin, ends_at)
         values ($1, $2, $3, $4, $5)`,
        [sha256Hex(code), tenantId, person, JSON.stringify(origin), endsAt, now],
      );
      return { code, endsAt: endsAt.toISOString() };
    },
    async takeLink(code) {
      if (!isLinkCode(code)) return undefined;
      const { rows } = await pool.query<Row>(
        `delete from connectsoft.sign_in_links l where l.sha256 = $1
         returning l.tenant_id, l.person, l.origin, l.ends_at`,
        [sha256Hex(code)],
      );
      const [taken] = rows;
      if (taken === undefined || taken.ends_at <= clock.now()) return undefined;
      return { tenantId: taken.tenant_id, person: taken.person, origin: taken.origin };
    },
  };
}

async function noteUse(pool: Pool, { tenant_id, session_id, last_used_at }: Row, now: Date): Promise<void> {
  if (now.getTime() - last_used_at.getTime() < usedEveryMs) return;
  await pool.query(
    `update connectsoft.sessions s set last_used_at = $3 where s.tenant_id = $1 and s.session_id = $2`,
    [tenant_id, session_id, now],
  );
}

interface Look {
  now: Date;
  idleMs: number;
}

function factsOf(row: Row, look: Look): SessionFacts {
  return {
    id: row.session_id,
    tenantId: row.tenant_id,
    person: row.person,
    origin: row.origin,
    agent: row.agent,
    beganAt: row.began_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    state: stateOf(row, look),
  };
}

function stateOf({ ended_at, ends_at, last_used_at }: Row, { now, idleMs }: Look): SessionFacts["state"] {
  if (ended_at !== null) return "ended";
  if (ends_at <= now) return "over";
  return last_used_at <= before(now, idleMs) ? "idle" : "good";
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}
