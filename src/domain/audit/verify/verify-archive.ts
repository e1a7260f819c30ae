/**
 * Verifies the archive of a trace from itself and what the auditor brings: no server, database or network. Entry by
 * entry, so that the first thing that does not fit ends it; memory holds the facts of one trace and not its events.
 */
import { sha256, sha256Hex } from "../../canonical-json.ts";
import { eventName } from "../../event/event.ts";
import type { EventName } from "../../event/event-catalogue.ts";
import { type JournalEntry, verifyJournal } from "../../journal/journal-entry.ts";
import { subjectKey } from "../../scope.ts";
import {
  type ArchivedKey,
  archiveFormat,
  archiveNames,
  artifactName,
  eventsName,
  keysSchema,
  type Manifest,
  manifestSchema,
  manifestStatement,
  proofsSchema,
  statementName,
} from "../archive.ts";
import { keyIdOf, originOf, parseCheckpoint, type SignedCheckpoint, signerOf } from "../checkpoint.ts";
import type { ContentOf } from "../delivery-facts.ts";
import { openBundle } from "../dsse-bundle.ts";
import { journalChain, type LogLeaf, leafHashOf } from "../log-leaf.ts";
import { verifyInclusion } from "../merkle-tree.ts";
import { renderReport } from "../report/render-report.ts";
import { statementsOf } from "../statements.ts";
import { ownKeyOf, problemOfVote } from "../vote-signature.ts";
import { type ArchiveEntry, ArchiveReader } from "./archive-reader.ts";
import { type Compared, compareCheckpoints, type Outside } from "./compare-checkpoints.ts";
import { Misfit } from "./misfit.ts";
import { parseJson, readDocument } from "./read-document.ts";
import { type ReadDelivery, readEvents } from "./read-events.ts";

export interface VerifiedArchive {
  tenantId: string;
  traceId: string;
  checkpoint: SignedCheckpoint;
  signedBy: ArchivedKey;
  /** Whether keys and checkpoint from elsewhere vouch for it; otherwise it only agrees with itself. */
  authenticated: boolean;
  /** Whether the auditor trusts the key that it is signed with. */
  trusted: boolean;
  /** How far the checkpoints from elsewhere reach. */
  compared?: Compared;
  /** Votes that people signed themselves; `trusted`: the auditor knows the key as theirs. */
  ownKeys: { person: string; key: string; trusted: boolean }[];
  counts: {
    deliveries: number;
    events: number;
    artifacts: number;
    statements: number;
    journalEntries: number;
  };
}

/** Throws a Misfit for the first thing that does not fit. */
export async function verifyArchive(
  entries: AsyncIterable<ArchiveEntry>,
  outside: Outside = {},
): Promise<VerifiedArchive> {
  const archive = new ArchiveReader(entries);
  const { manifest, bundle, text } = await readManifest(archive);
  const keys = checkKeys(readDocument(archiveNames.keys, await archive.text(archiveNames.keys), keysSchema));
  const signedBy = checkSignature(bundle, { text, keys, outside });
  const checkpoint = await readCheckpoint(archive, { manifest, keys, outside });
  const proofs = readDocument(archiveNames.proofs, await archive.text(archiveNames.proofs), proofsSchema);
  const leaves = new ProvedLeaves(checkpoint, proofs.leaves);
  const journal = await readJournal(archive, { manifest, leaves });
  const deliveries: ReadDelivery[] = [];
  const ownKeys = new Map<string, VerifiedArchive["ownKeys"][number]>();
  for (const { moduleId, events, head } of manifest.deliveries) {
    const { tenantId, traceId } = manifest;
    const delivery = await readEvents(archive, { tenantId, traceId, moduleId });
    const chain = subjectKey(delivery.subject);
    if (delivery.head.sequence !== events || delivery.head.hash !== head)
      throw new Misfit(archiveNames.manifest, `says that ${chain} ends at another event`);
    leaves.require({ chain, ...delivery.head });
    requireVotes(delivery, keys);
    for (const one of ownKeysOf(delivery, outside)) ownKeys.set(`${one.person} ${one.key}`, one);
    deliveries.push(delivery);
  }
  const artifacts = await readArtifacts(archive, deliveries);
  const contentOf: ContentOf = (event) => artifacts.get(event.hash);
  const statements = await readStatements(archive, { deliveries, contentOf, keys, outside });
  const report = renderReport({ summary: manifest, checkpoint, deliveries, journal, contentOf });
  if ((await archive.text(archiveNames.report)) !== report)
    throw new Misfit(archiveNames.report, "says something else than the events do");
  leaves.requireNoOther();
  await archive.end();
  const compared = compareCheckpoints(checkpoint, { proofs, keys, outside });
  return {
    ...{ tenantId: manifest.tenantId, traceId: manifest.traceId, checkpoint, signedBy },
    trusted: outside.trust !== undefined,
    authenticated: outside.trust !== undefined && compared !== undefined,
    ...(compared !== undefined && { compared }),
    ownKeys: [...ownKeys.values()],
    counts: {
      deliveries: deliveries.length,
      events: deliveries.reduce((sum, { head }) => sum + head.sequence, 0),
      artifacts: deliveries.reduce((sum, { written }) => sum + written.length, 0),
      ...{ statements, journalEntries: journal.length },
    },
  };
}

function requireVotes({ events, subject }: ReadDelivery, keys: readonly ArchivedKey[]): void {
  for (const event of events) {
    if (!votes.has(eventName(event))) continue;
    const problem = problemOfVote(subject, event, keys);
    if (problem !== undefined)
      throw new Misfit(`${eventsName(subject.moduleId)}, event ${event.sequence}`, problem);
  }
}

/** A person of whom the auditor has keys votes with none but these. */
function ownKeysOf({ events, subject }: ReadDelivery, { people }: Outside): VerifiedArchive["ownKeys"] {
  return events.flatMap((event) => {
    const found = votes.has(eventName(event)) ? ownKeyOf(event) : undefined;
    if (found === undefined) return [];
    const theirs = people?.get(found.person);
    if (theirs !== undefined && !theirs.includes(found.key))
      throw new Misfit(
        `${eventsName(subject.moduleId)}, event ${event.sequence}`,
        `is signed with the key ${found.key}, which is none of ${found.person}'s that you trust`,
      );
    return [{ ...found, trusted: theirs !== undefined }];
  });
}

const votes: ReadonlySet<EventName> = new Set(["ApprovalGranted", "ApprovalRefused"]);

async function readManifest(
  archive: ArchiveReader,
): Promise<{ manifest: Manifest; text: string; bundle: string }> {
  const text = await archive.text(archiveNames.manifest);
  const format = (parseJson(archiveNames.manifest, text) as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > archiveFormat)
    throw new Misfit(archiveNames.manifest, `is of format ${format}: verify it with a newer program`);
  const manifest = readDocument(archiveNames.manifest, text, manifestSchema);
  const bundle = await archive.text(archiveNames.manifestBundle);
  archive.holdTo(manifest);
  return { manifest, text, bundle };
}

function checkKeys(keys: ArchivedKey[]): ArchivedKey[] {
  for (const { keyId, publicKey } of keys) {
    const fits = isKey(publicKey) && keyIdOf(publicKey) === keyId;
    if (!fits) throw new Misfit(archiveNames.keys, `holds another key than ${keyId} under that name`);
  }
  return keys;
}

function isKey(publicKey: string): boolean {
  try {
    return keyIdOf(publicKey) !== "" && publicKey.startsWith("-----BEGIN PUBLIC KEY-----\n");
  } catch {
    return false;
  }
}

function checkSignature(
  bundle: string,
  { text, keys, outside }: { text: string; keys: ArchivedKey[]; outside: Outside },
): ArchivedKey {
  const name = archiveNames.manifestBundle;
  const payload = manifestStatement(sha256Hex(text));
  return requireBundle(name, bundle, { payload, keys, outside });
}

function requireBundle(
  name: string,
  text: string,
  expected: { payload: string; keys: ArchivedKey[]; outside: Outside },
): ArchivedKey {
  const opened = openBundle(text, expected.keys);
  if (!opened.good) throw new Misfit(name, opened.problem);
  if (opened.payload !== expected.payload)
    throw new Misfit(name, "states something else than the events and artifacts do");
  return requireTrust(name, opened.key, expected.outside);
}

function requireTrust(name: string, key: ArchivedKey, { trust }: Outside): ArchivedKey {
  if (trust === undefined || trust.has(key.keyId)) return key;
  throw new Misfit(name, `is signed with the key ${key.keyId}, which is none that you trust`);
}

async function readCheckpoint(
  archive: ArchiveReader,
  { manifest, keys, outside }: { manifest: Manifest; keys: ArchivedKey[]; outside: Outside },
): Promise<SignedCheckpoint> {
  const name = archiveNames.checkpoint;
  const checkpoint = parseCheckpoint(await archive.text(name));
  if (checkpoint === undefined) throw new Misfit(name, "is no signed checkpoint");
  if (checkpoint.origin !== originOf(manifest.tenantId))
    throw new Misfit(name, `is of the log ${checkpoint.origin} and not of ${originOf(manifest.tenantId)}`);
  const key = signerOf(checkpoint, keys);
  if (key === undefined) throw new Misfit(name, "is signed with none of the keys");
  requireTrust(name, key, outside);
  return checkpoint;
}

/** The leaves that the proofs are about: each is proved once, and each must be wanted. */
class ProvedLeaves {
  private readonly proved = new Set<string>();

  constructor(
    checkpoint: SignedCheckpoint,
    leaves: readonly (LogLeaf & { index: number; proof: string[] })[],
  ) {
    for (const leaf of leaves) {
      const proof = leaf.proof.map((hash) => Buffer.from(hash, "base64"));
      const inclusion = { index: leaf.index, size: checkpoint.size, proof };
      if (!verifyInclusion(leafHashOf(leaf), inclusion, checkpoint.root))
        throw new Misfit(
          archiveNames.proofs,
          `does not prove ${leaf.chain}, ${leaf.sequence} to be in the checkpoint`,
        );
      this.proved.add(keyOf(leaf));
    }
  }

  require(leaf: LogLeaf): void {
    if (this.proved.delete(keyOf(leaf))) return;
    throw new Misfit(
      archiveNames.proofs,
      `holds no proof of ${leaf.chain} as it ends here, at ${leaf.sequence}`,
    );
  }

  requireNoOther(): void {
    const [other] = this.proved;
    if (other !== undefined)
      throw new Misfit(archiveNames.proofs, `proves ${other}, which is not in the archive`);
  }
}

function keyOf({ chain, sequence, hash }: LogLeaf): string {
  return `${chain} at ${sequence} with ${hash}`;
}

async function readJournal(
  archive: ArchiveReader,
  { manifest, leaves }: { manifest: Manifest; leaves: ProvedLeaves },
): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const line of archive.lines(archiveNames.journal)) {
    const where = `${archiveNames.journal}, line ${entries.length + 1}`;
    const entry = parseJson(where, line) as JournalEntry;
    // Entries between belong to others: each is held to its own place in the chain, and proved by a leaf of its own.
    const before = { sequence: Number(entry?.sequence) - 1, hash: String(entry?.prevhash) };
    const verdict = verifyJournal([entry], before);
    if (!verdict.intact) throw new Misfit(where, verdict.problem);
    if (entry.tenantId !== manifest.tenantId) throw new Misfit(where, `is of ${entry.tenantId}`);
    if (entry.sequence <= (entries.at(-1)?.sequence ?? 0)) throw new Misfit(where, "is out of order");
    leaves.require({ chain: journalChain, sequence: entry.sequence, hash: entry.hash });
    entries.push(entry);
  }
  if (entries.length !== manifest.journalEntries)
    throw new Misfit(
      archiveNames.journal,
      `holds ${entries.length} entries, and should ${manifest.journalEntries}`,
    );
  return entries;
}

/** Each has the digest that its event names. Kept are those that statements and the report are made of. */
async function readArtifacts(
  archive: ArchiveReader,
  deliveries: readonly ReadDelivery[],
): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  for (const { events, written } of deliveries) {
    const facts = new Set(events);
    for (const event of written) {
      const name = artifactName(event);
      const content = await archive.text(name);
      if (sha256(content) !== event.data.sha256)
        throw new Misfit(name, `is not what event ${event.sequence} says was written`);
      if (facts.has(event)) kept.set(event.hash, content);
    }
  }
  return kept;
}

async function readStatements(
  archive: ArchiveReader,
  known: {
    deliveries: readonly ReadDelivery[];
    contentOf: ContentOf;
    keys: ArchivedKey[];
    outside: Outside;
  },
): Promise<number> {
  let count = 0;
  for (const delivery of known.deliveries) {
    for (const stated of statementsOf(delivery, known.contentOf)) {
      const name = statementName(delivery.subject.moduleId, stated);
      requireBundle(name, await archive.text(name), { ...known, payload: stated.payload });
      count += 1;
    }
  }
  return count;
}
