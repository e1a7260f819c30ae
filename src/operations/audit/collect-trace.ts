/** Reads what an archive of a trace is made of, as of one checkpoint. */
import { originOf } from "../../domain/audit/checkpoint.ts";
import { isFact } from "../../domain/audit/delivery-facts.ts";
import { journalChain } from "../../domain/audit/log-leaf.ts";
import type { ReadDelivery } from "../../domain/audit/verify/read-events.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { type DeliveryEvent, eventName, genesis, headOf } from "../../domain/event/event.ts";
import type { JournalEntry } from "../../domain/journal/journal-entry.ts";
import type { Json } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import { type Subject, subjectKey } from "../../domain/scope.ts";
import type { LogProofs } from "../../ports/audit-log.ts";
import type { System } from "../system.ts";

export interface Collected {
  subjects: Subject[];
  journal: JournalEntry[];
  proofs: LogProofs;
}

const pageSize = 1_000;

export async function collectTrace(system: System, tenantId: string, traceId: string): Promise<Collected> {
  const found = await system.store.list({ tenantId, traceId, limit: pageSize });
  if (found.length === 0)
    throw refuse(
      "NotFound",
      `There is no trace ${traceId} in ${tenantId}.`,
      "See what there is: connectsoft status",
    );
  const subjects = found.map(({ subject }) => subject).sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  await system.auditLog.checkpoint(tenantId, { subjects: subjects.map(subjectKey) });
  const journal = await entriesAbout(system, tenantId, { traceId, subjects });
  const proofs = await system.auditLog.prove(tenantId, [
    ...subjects.map((subject) => ({ chain: subjectKey(subject) })),
    ...journal.map(({ sequence }) => ({ chain: journalChain, sequence })),
  ]);
  if (proofs === undefined) throw new Error(`${originOf(tenantId)} has no checkpoint after one was made`);
  // An entry that came after the checkpoint is in the next one.
  const proved = new Set(proofs.leaves.filter(({ chain }) => chain === journalChain).map(({ hash }) => hash));
  const covered = journal.filter(({ hash }) => proved.has(hash));
  return { subjects, journal: covered.map((entry) => JSON.parse(canonicalJson(entry))), proofs };
}

/** Lines of the chain up to its leaf, while what an archive needs of it is kept in `delivery`. */
export async function* eventLines(
  system: System,
  delivery: ReadDelivery,
  until: number,
): AsyncGenerator<string> {
  while (delivery.head.sequence < until) {
    const page = await system.store.events(delivery.subject, {
      after: delivery.head.sequence,
      limit: pageSize,
    });
    if (page.length === 0) return;
    for (const stored of page) {
      if (stored.sequence > until) return;
      const line = canonicalJson(stored);
      // As a reader of the archive will have it: with its members in their order.
      const event: DeliveryEvent = JSON.parse(line);
      delivery.head = headOf(event);
      if (eventName(event) === "ArtifactWritten") delivery.written.push(event);
      if (isFact(event)) delivery.events.push(event);
      yield `${line}\n`;
    }
  }
}

export function emptyDelivery(subject: Subject): ReadDelivery {
  return { subject, head: genesis, events: [], written: [] };
}

/** Entries that name the trace, one of its deliveries or one of its releases. */
async function entriesAbout(
  system: System,
  tenantId: string,
  { traceId, subjects }: { traceId: string; subjects: Subject[] },
): Promise<JournalEntry[]> {
  const names = new Set([traceId, ...subjects.map(subjectKey), ...(await releasesOf(system, subjects))]);
  const about: JournalEntry[] = [];
  for (let after = 0; ; ) {
    const page = await system.journal.read(tenantId, { after, limit: pageSize });
    about.push(...page.filter(({ data }) => mentions(data, names)));
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return about;
    after = last.sequence;
  }
}

async function releasesOf(system: System, subjects: Subject[]): Promise<string[]> {
  const proposed = await Promise.all(
    subjects.map((subject) => system.store.events(subject, { names: ["ReleaseProposed"] })),
  );
  return proposed.flat().flatMap(({ data }) => (typeof data.releaseId === "string" ? [data.releaseId] : []));
}

function mentions(value: Json | undefined, names: ReadonlySet<string>): boolean {
  if (typeof value === "string") return names.has(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((inner) => mentions(inner, names));
}
