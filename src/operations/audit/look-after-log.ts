/** The tenant's log: whether the database still fits it, its newest checkpoint, and the keys that it is signed with. */
import { z } from "zod";
import { noteVerifierKey, originOf } from "../../domain/audit/checkpoint.ts";
import type { AuditCheck } from "../../ports/audit-log.ts";
import type { SigningKey } from "../../ports/signer.ts";
import type { Caller, System } from "../system.ts";

export type { AuditCheck };

export const checkAuditInput = z.object({
  /** A file of checkpoints that the caller kept. */
  copy: z.string().max(1_000_000).optional(),
});

export async function checkAudit(
  system: System,
  { tenantId }: Caller,
  { copy }: z.output<typeof checkAuditInput>,
): Promise<AuditCheck> {
  return await system.auditLog.check(tenantId, copy === undefined ? {} : { copies: [copy] });
}

export interface PublishedCheckpoint {
  origin: string;
  size: number;
  /** The signed note; empty while the tenant has no chain. */
  note: string;
}

export async function makeCheckpoint(system: System, { tenantId }: Caller): Promise<PublishedCheckpoint> {
  const made = await system.auditLog.checkpoint(tenantId);
  return { origin: originOf(tenantId), size: made?.size ?? 0, note: made?.note ?? "" };
}

export interface AuditKey extends SigningKey {
  /** As verifiers of signed notes take it. */
  note: string;
}

export async function listAuditKeys(system: System, { tenantId }: Caller): Promise<AuditKey[]> {
  return (await system.signer.keys(tenantId)).map((key) => withNote(tenantId, key));
}

/** On record in the journal; signatures of the retired key hold, and it signs nothing more. */
export async function rotateAuditKey(system: System, { tenantId, person }: Caller): Promise<AuditKey> {
  await system.auditLog.checkpoint(tenantId);
  const key = await system.signer.rotate(tenantId);
  await system.journal.append(tenantId, [
    { act: "SigningKeyRotated", actor: person, data: { keyId: key.keyId } },
  ]);
  return withNote(tenantId, key);
}

function withNote(tenantId: string, key: SigningKey): AuditKey {
  return { ...key, note: noteVerifierKey(originOf(tenantId), key.publicKey) };
}
