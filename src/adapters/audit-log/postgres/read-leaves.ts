import type { Pool, PoolClient } from "pg";
import type { LogLeaf } from "../../../domain/audit/log-leaf.ts";

const pageSize = 10_000;

/** In order of their positions. A gap ends it: what comes after has no place in the tree. */
export async function* readLeaves(
  database: Pool | PoolClient,
  tenantId: string,
  size: number,
): AsyncGenerator<LogLeaf> {
  for (let from = 0; from < size; ) {
    const { rows } = await database.query<{
      position: string;
      chain: string;
      sequence: string;
      hash: string;
    }>(
      `select l.position, l.chain, l.sequence, l.hash from connectsoft.log_leaves l
       where l.tenant_id = $1 and l.position >= $2 and l.position < $3 order by l.position limit $4`,
      [tenantId, from, size, pageSize],
    );
    if (rows.length === 0) return;
    for (const { position, chain, sequence, hash } of rows) {
      if (Number(position) !== from) return;
      yield { chain, sequence: Number(sequence), hash };
      from += 1;
    }
  }
}
