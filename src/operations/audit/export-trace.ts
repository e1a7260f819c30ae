/** One archive of a trace that verifies without this server: events, artifacts, statements, proofs, report. */
import type { Readable } from "node:stream";
import { z } from "zod";
import {
  archiveFormat,
  archiveNames,
  artifactName,
  eventsName,
  type Manifest,
  manifestStatement,
  statementName,
} from "../../domain/audit/archive.ts";
import { bundleOf, envelopeBytes } from "../../domain/audit/dsse-bundle.ts";
import { renderReport } from "../../domain/audit/report/render-report.ts";
import { statementsOf } from "../../domain/audit/statements.ts";
import { Misfit } from "../../domain/audit/verify/misfit.ts";
import type { ReadDelivery } from "../../domain/audit/verify/read-events.ts";
import { verifyArchive } from "../../domain/audit/verify/verify-archive.ts";
import { canonicalJson, sha256Hex } from "../../domain/canonical-json.ts";
import type { DeliveryEvent } from "../../domain/event/event.ts";
import { refuse } from "../../domain/refusal.ts";
import { subjectKey, traceSlug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";
import { type Collected, collectTrace, emptyDelivery, eventLines } from "./collect-trace.ts";
import { packArchive } from "./pack-archive.ts";
import { Spool } from "./spool.ts";

export const exportTraceInput = z.object({ traceId: traceSlug });

export interface ArchiveDownload {
  fileName: string;
  /** tar.gz; destroying it ends the export. */
  stream: Readable;
}

/**
 * Repeating it gives the same bytes, as long as nothing happened in between. What would not verify is refused with
 * DigestMismatch: nobody is handed an archive that the server itself does not believe.
 */
export async function exportTrace(
  system: System,
  { tenantId }: Caller,
  { traceId }: z.output<typeof exportTraceInput>,
): Promise<ArchiveDownload> {
  const collected = await collectTrace(system, tenantId, traceId);
  const spool = await Spool.begin();
  try {
    const before = await fill(system, spool, { tenantId, traceId, collected });
    await verifyArchive(spool.entries(before));
    const stream = packArchive(spool.entries(before), () => spool.end());
    return { fileName: `${traceId}.audit.tar.gz`, stream };
  } catch (error) {
    await spool.end();
    if (!(error instanceof Misfit)) throw error;
    throw refuse(
      "DigestMismatch",
      `The evidence of ${traceId} does not fit: ${error.message}.`,
      "See what was changed: connectsoft audit check",
    );
  }
}

interface Exported {
  tenantId: string;
  traceId: string;
  collected: Collected;
}

/** In the order of the archive; answers with what comes before all of it. */
async function fill(system: System, spool: Spool, { tenantId, traceId, collected }: Exported) {
  const { journal, proofs, subjects } = collected;
  const { checkpoint } = proofs;
  const keys = await system.signer.keys(tenantId);
  await spool.add(archiveNames.keys, canonicalJson(keys));
  await spool.add(archiveNames.checkpoint, checkpoint.note);
  await spool.add(archiveNames.proofs, proofsText(collected));
  await spool.add(archiveNames.journal, journal.map((entry) => `${canonicalJson(entry)}\n`).join(""));
  const deliveries: ReadDelivery[] = [];
  for (const subject of subjects) {
    const delivery = emptyDelivery(subject);
    const leaf = proofs.leaves.find(({ chain }) => chain === subjectKey(subject));
    await spool.add(eventsName(subject.moduleId), eventLines(system, delivery, leaf?.sequence ?? 0));
    deliveries.push(delivery);
  }
  const contents = await addArtifacts(system, spool, deliveries);
  const contentOf = (event: DeliveryEvent) => contents.get(event.hash);
  for (const delivery of deliveries)
    for (const stated of statementsOf(delivery, contentOf)) {
      const name = statementName(delivery.subject.moduleId, stated);
      await spool.add(name, await signed(system, tenantId, stated.payload));
    }
  const summary = {
    ...{ format: archiveFormat, tenantId, traceId },
    deliveries: deliveries.map(({ subject, head }) => ({
      ...{ moduleId: subject.moduleId, events: head.sequence, head: head.hash },
    })),
    journalEntries: journal.length,
  };
  const report = { summary, checkpoint, deliveries, journal, contentOf };
  await spool.add(archiveNames.report, renderReport(report));
  const text = canonicalJson({ ...summary, files: spool.files } satisfies Manifest);
  return [
    { name: archiveNames.manifest, text },
    {
      name: archiveNames.manifestBundle,
      text: await signed(system, tenantId, manifestStatement(sha256Hex(text))),
    },
  ];
}

async function addArtifacts(
  system: System,
  spool: Spool,
  deliveries: readonly ReadDelivery[],
): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  for (const { events, subject, written } of deliveries) {
    const facts = new Set(events);
    for (const event of written) {
      const [path, version] = [String(event.data.path), Number(event.data.version)];
      const found = await system.store.artifact({ tenantId: subject.tenantId, path, version });
      if (found === undefined) throw new Misfit(`artifact ${path} version ${version}`, "is gone");
      await spool.add(artifactName(event), found.content);
      if (facts.has(event)) kept.set(event.hash, found.content);
    }
  }
  return kept;
}

async function signed(system: System, tenantId: string, payload: string): Promise<string> {
  return bundleOf(payload, await system.signer.sign(tenantId, envelopeBytes(payload)));
}

function proofsText({ proofs }: Collected): string {
  return canonicalJson({
    leaves: proofs.leaves.map(({ proof, ...leaf }) => ({ ...leaf, proof: proof.map(base64) })),
    growth: proofs.growth.map(({ size, proof }) => ({ size, proof: proof.map(base64) })),
  });
}

function base64(hash: Buffer): string {
  return hash.toString("base64");
}
