/** The archive of a trace: which files it holds, in which order, and how large they may be. */
import { z } from "zod";
import { canonicalJson } from "../canonical-json.ts";
import type { DeliveryEvent } from "../event/event.ts";
import { slug, traceSlug } from "../scope.ts";
import { predicateTypes, type StatedFact } from "./statements.ts";

/** Of the archive, its statements and its report: another number for whatever would be made otherwise from the same events. */
export const archiveFormat = 1;

export const archiveNames = {
  manifest: "manifest.json",
  manifestBundle: "manifest.sigstore.json",
  keys: "keys.json",
  checkpoint: "checkpoint.txt",
  proofs: "proofs.json",
  journal: "journal.jsonl",
  report: "report.html",
} as const;

export function eventsName(moduleId: string): string {
  return `events/${moduleId}.jsonl`;
}

/** The artifact that an ArtifactWritten event tells of. */
export function artifactName(event: DeliveryEvent): string {
  return `artifacts/${event.data.path}@${event.data.version}`;
}

export function statementName(moduleId: string, { sequence, kind }: StatedFact): string {
  return `statements/${moduleId}/${sequence}-${kind}.sigstore.json`;
}

/** Hostile archives end here, before they cost much. */
export const archiveLimits = {
  /** Of a file that is read whole. */
  documentBytes: 64 * 2 ** 20,
  /** Of one event. */
  lineBytes: 16 * 2 ** 20,
  files: 200_000,
  deliveries: 1_000,
};

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const base64Hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const count = z.int().min(0);
/** No way out of a folder, and nothing that a terminal or a file system would take for something else. */
const fileName = z
  .string()
  .max(1_024)
  .regex(/^[\p{L}\p{N}._@+=,()[\]{} ~#$%&!'-]+(?:\/[\p{L}\p{N}._@+=,()[\]{} ~#$%&!'-]+)*$/u)
  .refine(
    (name) => !name.split("/").some((part) => part === "." || part === ".."),
    "leads out of the archive",
  );

export const manifestSchema = z.strictObject({
  format: z.int().min(1),
  tenantId: slug,
  traceId: traceSlug,
  deliveries: z
    .array(z.strictObject({ moduleId: slug, events: count, head: sha256Hex }))
    .min(1)
    .max(archiveLimits.deliveries),
  journalEntries: count,
  /** In order of the archive, after this file and its signature. */
  files: z
    .array(z.strictObject({ name: fileName, bytes: count, sha256: sha256Hex }))
    .max(archiveLimits.files),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const keysSchema = z
  .array(
    z.strictObject({
      keyId: sha256Hex,
      publicKey: z.string().max(1_000),
      madeAt: z.iso.datetime(),
      retiredAt: z.iso.datetime().optional(),
    }),
  )
  .min(1)
  .max(1_000);
export type ArchivedKey = z.infer<typeof keysSchema>[number];

export const proofsSchema = z.strictObject({
  leaves: z.array(
    z.strictObject({
      chain: z.string().max(300),
      sequence: z.int().min(1),
      hash: sha256Hex,
      index: count,
      proof: z.array(base64Hash).max(64),
    }),
  ),
  growth: z.array(z.strictObject({ size: z.int().min(1), proof: z.array(base64Hash).max(64) })),
});
export type Proofs = z.infer<typeof proofsSchema>;

/** What is signed of an archive: that this is its manifest. */
export function manifestStatement(manifestSha256: string): string {
  return canonicalJson({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: archiveNames.manifest, digest: { sha256: manifestSha256 } }],
    predicateType: "https://connectsoft.io/delivery/audit-archive/v1",
    predicate: { format: archiveFormat, statements: Object.values(predicateTypes) },
  });
}
