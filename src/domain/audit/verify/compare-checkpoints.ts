/** Whether the archive's checkpoint goes on from those that the auditor has from elsewhere. */
import { type ArchivedKey, archiveNames, type Proofs } from "../archive.ts";
import { type SignedCheckpoint, signerOf } from "../checkpoint.ts";
import { verifyConsistency } from "../merkle-tree.ts";
import { Misfit } from "./misfit.ts";

/** What the auditor has from elsewhere. */
export interface Outside {
  /** Ids of the keys that the auditor trusts. */
  trust?: ReadonlySet<string>;
  /** By person: fingerprints of the SSH keys that are theirs (`SHA256:...`). */
  people?: ReadonlyMap<string, readonly string[]>;
  /** A file of checkpoints, or its newest one. */
  checkpoints?: readonly SignedCheckpoint[];
}

export interface Compared {
  /** The newest one from elsewhere that could be compared. */
  size: number;
  /** Chains of the archive whose end it holds already; the others stand on the signature of the archive's own checkpoint. */
  covered: number;
  chains: number;
}

/** Undefined where the auditor brought none. */
export function compareCheckpoints(
  checkpoint: SignedCheckpoint,
  { proofs, keys, outside }: { proofs: Proofs; keys: readonly ArchivedKey[]; outside: Outside },
): Compared | undefined {
  if (outside.checkpoints === undefined) return undefined;
  let newest: number | undefined;
  for (const theirs of outside.checkpoints.toSorted((a, b) => a.size - b.size)) {
    if (theirs.origin !== checkpoint.origin) continue;
    const where = `your checkpoint of ${theirs.size} leaves`;
    const key = signerOf(theirs, keys);
    if (key === undefined) throw new Misfit(where, "is signed with none of the archive's keys");
    if (outside.trust !== undefined && !outside.trust.has(key.keyId))
      throw new Misfit(where, `is signed with the key ${key.keyId}, which is none that you trust`);
    const growth = growthFrom(theirs.size, { checkpoint, proofs });
    if (growth === undefined) continue;
    if (!verifyConsistency({ from: theirs, to: checkpoint, proof: growth }))
      throw new Misfit(
        archiveNames.checkpoint,
        `does not go on from ${where}: one of the two histories was rewritten`,
      );
    newest = theirs.size;
  }
  if (newest === undefined) throw nothingToCompare(checkpoint, outside.checkpoints);
  const size = newest;
  const covered = proofs.leaves.filter(({ index }) => index < size).length;
  return { size, covered, chains: proofs.leaves.length };
}

function growthFrom(
  size: number,
  { checkpoint, proofs }: { checkpoint: SignedCheckpoint; proofs: Proofs },
): Buffer[] | undefined {
  if (size === checkpoint.size) return [];
  const found = proofs.growth.find((one) => one.size === size);
  return found?.proof.map((hash) => Buffer.from(hash, "base64"));
}

function nothingToCompare({ origin, size }: SignedCheckpoint, theirs: readonly SignedCheckpoint[]): Misfit {
  const [other] = theirs;
  const isOther = theirs.every((one) => one.origin !== origin);
  return new Misfit(
    "your checkpoint",
    isOther
      ? `is of ${other?.origin ?? "no log"} and not of ${origin}`
      : `cannot be compared with the archive's, of ${size} leaves: bring the whole file of checkpoints, or have the archive made again`,
  );
}
