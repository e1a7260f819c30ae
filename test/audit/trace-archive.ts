/** A delivered trace and its archive, as a whole and as its entries. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { readArchive } from "../../src/cli/audit/read-archive.ts";
import type { ArchiveEntry } from "../../src/domain/audit/verify/archive-reader.ts";
import type { Outside } from "../../src/domain/audit/verify/compare-checkpoints.ts";
import { Misfit } from "../../src/domain/audit/verify/misfit.ts";
import { type VerifiedArchive, verifyArchive } from "../../src/domain/audit/verify/verify-archive.ts";
import type { EventDraft } from "../../src/domain/event/event.ts";
import { voteEnvelopeBytes, voteStatement } from "../../src/domain/release/vote-statement.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { exportTrace } from "../../src/operations/audit/export-trace.ts";
import { packArchive } from "../../src/operations/audit/pack-archive.ts";
import { digest, digests } from "../support/digests.ts";
import type { Script } from "../support/scripted-agents.ts";
import { success } from "../support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

export interface Entry {
  name: string;
  content: Buffer;
}

/** What the built-in script does not write: an inventory, provenance, a summary with gates, a hostile comment. */
const script: Script = {
  BuildArtifact: async (context) => {
    const sbom = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: [] };
    context.memory.write("supply-chain", "SBOM.json", `${JSON.stringify(sbom, null, 2)}\n`);
    const provenance = {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "booking-service", digest: { sha256: digest.slice(7) } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: { buildDefinition: {}, runDetails: {} },
    };
    context.memory.write("supply-chain", "provenance.intoto.json", JSON.stringify(provenance));
    return success(["ArtifactBuilt", { commit: "c1", tree: "t1", artifact: digest }]);
  },
  ProposeRelease: async (context) => {
    const { environment } = context.invocation;
    const releaseId = environment === "production" ? "release-000002" : "release-000001";
    return success(["ReleaseProposed", { releaseId, version: "1.0.0" }]);
  },
};

export async function deliverToProduction(): Promise<{ world: TestSystem; subject: Subject }> {
  const world = await createTestSystem(script);
  const subject = await world.deliver();
  await world.until(subject, (_, kind) => kind === "waiting");
  await world.system.engine.append(subject, [await signedRefusal(world, subject)]);
  await world.system.engine.append(subject, [
    {
      name: "ApprovalGranted",
      source: "/studio",
      environment: "production",
      releaseId: "release-000002",
      data: {
        ...{ releaseId: "release-000002", by: "max", method: "Studio UI", digests: { ...digests } },
        comment: '<script>alert(1)</script> \u001b[31mred\u202e "fine"',
      },
    },
  ]);
  await world.until(subject, (_, kind) => kind === "published" || kind === "live");
  await world.system.journal.append(subject.tenantId, [
    { act: "AccessDenied", actor: "mallory", data: { action: "approve", traceId: subject.traceId } },
    { act: "AccessDenied", actor: "mallory", data: { action: "approve", traceId: "another" } },
    { act: "AccessDenied", actor: "eve", data: { releaseId: "release-000002" } },
  ]);
  return { world, subject };
}

/** A vote as the server signs it for somebody who is logged in. */
async function signedRefusal(world: TestSystem, subject: Subject): Promise<EventDraft> {
  const facts = {
    ...{ subject, environment: "production", releaseId: "release-000002", decision: "refused" as const },
    ...{ by: "ada", roles: [], method: "CLI", comment: "not yet", at: "2026-01-01T00:00:00.000Z", digests },
  };
  const { keyId, signature } = await world.system.signer.sign(
    subject.tenantId,
    voteEnvelopeBytes(voteStatement(facts)),
  );
  const { subject: _, environment, ...said } = facts;
  const stored = { by: "server", keyId, value: Buffer.from(signature).toString("base64") };
  const data = { ...said, digests: { ...digests }, signature: stored };
  return { name: "ApprovalRefused", source: "/cli", environment, releaseId: said.releaseId, data };
}

export async function exported(world: TestSystem, { traceId }: Subject): Promise<Buffer> {
  const { stream } = await exportTrace(world.system, world.as("ada"), { traceId });
  return await buffer(stream);
}

export async function entriesOf(archive: Buffer): Promise<Entry[]> {
  return await withFile(archive, async (file) => {
    const entries: Entry[] = [];
    for await (const { name, content } of readArchive(file))
      entries.push({ name, content: await buffer(Readable.from(content)) });
    return entries;
  });
}

export async function* asEntries(entries: readonly Entry[]): AsyncGenerator<ArchiveEntry> {
  for (const { name, content } of entries)
    yield { name, type: "file", bytes: content.length, content: Readable.from([content]) };
}

/** As an attacker packs it again: nothing about the container gives the change away. */
export async function repacked(entries: readonly Entry[]): Promise<Buffer> {
  return await buffer(packArchive(asEntries(entries), async () => undefined));
}

export async function withFile<T>(content: Buffer, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "archive-"));
  const file = path.join(folder, "archive.tar.gz");
  try {
    await writeFile(file, content);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first thing that does not fit, or what was verified. */
export async function verdictOf(
  entries: readonly Entry[] | AsyncIterable<ArchiveEntry>,
  outside: Outside = {},
): Promise<VerifiedArchive | Misfit> {
  const iterable = Symbol.asyncIterator in entries ? entries : asEntries(entries);
  return await verifyArchive(iterable, outside).catch((error: unknown) => {
    if (error instanceof Misfit) return error;
    throw error;
  });
}
