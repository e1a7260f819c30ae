/** Keys in the database: the private part sealed, and erased when the key is retired. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { askTogether } from "../../../domain/ask-together.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Seal } from "../../../ports/seal.ts";
import type { Signer, SigningKey } from "../../../ports/signer.ts";
import { inTransaction } from "../../../ports/transaction.ts";

export function createLocalSigner(system: { pool: Pool; seal: Seal; clock: Clock }): Signer {
  const { pool, seal } = system;
  /** Opened keys: opening one costs more than signing with it. */
  const opened = new Map<string, KeyObject>();

  /** Whoever verifies asks for them: those who ask at once ask one question. */
  const keysOf = askTogether(async (tenantIds: string[]) => {
    const { rows } = await pool.query<KeyRow & { tenant_id: string }>({
      name: "signing-keys",
      text: `select k.tenant_id, k.key_id, k.public_key, k.made_at, k.retired_at from connectsoft.signing_keys k
             where k.tenant_id = any($1::text[]) order by k.made_at, k.retired_at nulls last`,
      values: [tenantIds],
    });
    return Map.groupBy(rows, ({ tenant_id }) => tenant_id);
  });

  return {
    async sign(tenantId, payload) {
      const { keyId, sealed } = (await presentKey(pool, tenantId)) ?? (await makeFirst(tenantId));
      const key = opened.get(keyId) ?? (await openKey(tenantId, keyId, sealed));
      return { keyId, signature: sign(null, payload, key) };
    },
    async keys(tenantId) {
      return ((await keysOf(tenantId)).get(tenantId) ?? []).map(asKey);
    },
    async rotate(tenantId) {
      return await inTransaction(pool, async (client) => {
        await inTurn(client, tenantId);
        await client.query(
          `update connectsoft.signing_keys k set retired_at = $2, private_key = null
           where k.tenant_id = $1 and k.retired_at is null`,
          [tenantId, system.clock.now()],
        );
        return await makeKey(client, tenantId);
      });
    },
  };

  async function makeFirst(tenantId: string): Promise<PresentKey> {
    return await inTransaction(pool, async (client) => {
      await inTurn(client, tenantId);
      if ((await presentKey(client, tenantId)) === undefined) await makeKey(client, tenantId);
      const made = await presentKey(client, tenantId);
      if (made === undefined)
        throw new Error(`the key of ${tenantId} is gone in the transaction that made it`);
      return made;
    });
  }

  async function makeKey(client: PoolClient, tenantId: string): Promise<SigningKey> {
    const pair = generateKeyPairSync("ed25519");
    const keyId = idOf(pair.publicKey);
    const sealed = await seal.seal(
      pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      placeOf(tenantId, keyId),
    );
    const { rows } = await client.query<KeyRow>(
      `insert into connectsoft.signing_keys as k (tenant_id, key_id, public_key, private_key, made_at)
       values ($1, $2, $3, $4, $5) returning k.key_id, k.public_key, k.made_at, k.retired_at`,
      [
        tenantId,
        keyId,
        pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
        sealed,
        system.clock.now(),
      ],
    );
    return rows.map(asKey)[0] as SigningKey;
  }

  async function openKey(tenantId: string, keyId: string, sealed: string): Promise<KeyObject> {
    const key = createPrivateKey(await seal.open(sealed, placeOf(tenantId, keyId)));
    if (idOf(createPublicKey(key)) !== keyId) {
      throw refuse(
        "Unavailable",
        `the signing key ${keyId} of ${tenantId} does not fit its name: the row was changed`,
        "Restore the table of signing keys from a backup, or rotate: connectsoft audit rotate-key",
      );
    }
    opened.set(keyId, key);
    return key;
  }
}

interface PresentKey {
  keyId: string;
  sealed: string;
}

interface KeyRow {
  key_id: string;
  public_key: string;
  made_at: Date;
  retired_at: Date | null;
}

async function presentKey(client: Pool | PoolClient, tenantId: string): Promise<PresentKey | undefined> {
  const { rows } = await client.query<{ key_id: string; private_key: string }>({
    name: "present-signing-key",
    text: `select k.key_id, k.private_key from connectsoft.signing_keys k
           where k.tenant_id = $1 and k.retired_at is null`,
    values: [tenantId],
  });
  return rows[0] && { keyId: rows[0].key_id, sealed: rows[0].private_key };
}

/** Who makes a tenant's key follows whoever else does. */
async function inTurn(client: PoolClient, tenantId: string): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtextextended('signing key of ' || $1, 0))", [
    tenantId,
  ]);
}

function asKey(row: KeyRow): SigningKey {
  return {
    keyId: row.key_id,
    publicKey: row.public_key,
    madeAt: row.made_at.toISOString(),
    ...(row.retired_at !== null && { retiredAt: row.retired_at.toISOString() }),
  };
}

function idOf(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

function placeOf(tenantId: string, keyId: string): string {
  return `signing-key/${tenantId}/${keyId}`;
}
