/**
 * The log of each tenant: where its chains end, as leaves of a Merkle tree that only grows, with signed checkpoints
 * that are published to a file. Whoever keeps a copy of that file sees when anything before it was rewritten.
 */
import type { SignedCheckpoint } from "../domain/audit/checkpoint.ts";
import type { LogLeaf } from "../domain/audit/log-leaf.ts";
import type { Hash } from "../domain/audit/merkle-tree.ts";

export interface AuditLog {
  /** Tenants that have a chain. */
  tenants(): Promise<string[]>;
  /**
   * Takes in where the tenant's chains end now, or those concerned and its journal, signs and publishes; the newest
   * checkpoint where nothing is new,
   * undefined where there is nothing at all. When it returns, the file has it, whatever crashes. Refuses with
   * DigestMismatch where the database does not go on from what was published: then nothing is signed.
   */
  checkpoint(tenantId: string, concerned?: ChainsConcerned): Promise<SignedCheckpoint | undefined>;
  /** Of the newest checkpoint. A chain that has no leaf is left out. */
  prove(tenantId: string, wanted: readonly WantedLeaf[]): Promise<LogProofs | undefined>;
  /** Compares all that the database holds of a tenant with itself, its checkpoints and the published ones. */
  check(tenantId: string, published: { copies?: readonly string[] }): Promise<AuditCheck>;
}

/** Which deliveries are looked at; with neither, all of them, which takes longer the more there are. */
export interface ChainsConcerned {
  subjects?: readonly string[];
  changedWithinMs?: number;
}

/** Without a sequence: the newest leaf of that chain. */
export interface WantedLeaf {
  chain: string;
  sequence?: number;
}

export interface LogProofs {
  checkpoint: SignedCheckpoint;
  leaves: ProvedLeaf[];
  /** That the tree of earlier checkpoints, the newest of them and fewer of the older, is the beginning of this one. */
  growth: { size: number; proof: Hash[] }[];
}

export interface ProvedLeaf extends LogLeaf {
  index: number;
  proof: Hash[];
}

export interface AuditCheck {
  deliveries: number;
  events: number;
  artifacts: number;
  journalEntries: number;
  /** In the published file. */
  checkpoints: number;
  file: string;
  /** Steps and entries since the newest checkpoint: the next one covers them. */
  uncovered: number;
  /** The first thing that does not fit. */
  finding?: AuditFinding;
}

export interface AuditFinding {
  /** Which file, checkpoint, delivery, event, artifact or entry. */
  where: string;
  problem: string;
}
