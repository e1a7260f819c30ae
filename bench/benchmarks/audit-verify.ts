/** What verifying an archive costs: one delivery with very many events, as its file streams by. */
import { generateKeyPairSync, sign } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { verifyFile } from "../../src/cli/audit/verify-file.ts";
import {
  archiveFormat,
  archiveNames,
  eventsName,
  manifestStatement,
} from "../../src/domain/audit/archive.ts";
import { checkpointText, keyIdOf, originOf, sealCheckpoint } from "../../src/domain/audit/checkpoint.ts";
import { bundleOf, envelopeBytes } from "../../src/domain/audit/dsse-bundle.ts";
import { leafHashOf } from "../../src/domain/audit/log-leaf.ts";
import { renderReport } from "../../src/domain/audit/report/render-report.ts";
import { canonicalJson, sha256Hex } from "../../src/domain/canonical-json.ts";
import { type ChainHead, genesis, headOf, sealEvent } from "../../src/domain/event/event.ts";
import { packArchive } from "../../src/operations/audit/pack-archive.ts";
import { Spool } from "../../src/operations/audit/spool.ts";
import type { Benchmark } from "../support/benchmark.ts";

const subject = { tenantId: "acme", traceId: "trace-2026-01-01-0001", moduleId: "shop" };

export const auditVerify: Benchmark = {
  name: "audit-verify",
  title: "connectsoft audit verify of one archive, from the file to the verdict",
  async run(context) {
    const count = context.quick ? 2_000 : 200_000;
    const rounds = context.quick ? 1 : 5;
    const folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-audit-"));
    const file = path.join(folder, "archive.tar.gz");
    try {
      await makeArchive(file, count);
      const eventsPerSecond: number[] = [];
      const residentMiB: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        const { exitCode, lines } = await verifyFile("/", file, {});
        if (exitCode !== 3) throw new Error(lines.join("\n"));
        eventsPerSecond.push(count / ((performance.now() - began) / 1000));
        residentMiB.push(process.memoryUsage.rss() / 2 ** 20);
        context.log(`${Math.round(eventsPerSecond.at(-1) ?? 0)} events/s`);
      }
      return {
        metrics: [
          { name: "events verified", unit: "events/s", samples: eventsPerSecond, goal: { atLeast: 20_000 } },
          { name: "resident memory after it", unit: "MiB", samples: residentMiB },
        ],
        facts: { events: count, made: "in this process, which made the archive before" },
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function makeArchive(file: string, count: number): Promise<void> {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  const keyId = keyIdOf(publicKey);
  const spool = await Spool.begin();
  const head: { now: ChainHead } = { now: genesis };
  const keys = [{ keyId, publicKey, madeAt: "2026-01-01T00:00:00.000Z" }];
  // The events' own digest is needed before them: once to know where the chain ends, once to write it.
  for await (const _line of eventLines(count, head));
  const leaf = { chain: `acme/${subject.traceId}/shop`, sequence: head.now.sequence, hash: head.now.hash };
  const unsigned = { origin: originOf("acme"), size: 1, root: leafHashOf(leaf) };
  const signature = sign(null, Buffer.from(checkpointText(unsigned)), pair.privateKey);
  const checkpoint = sealCheckpoint(unsigned, { publicKey, signature });
  await spool.add(archiveNames.keys, canonicalJson(keys));
  await spool.add(archiveNames.checkpoint, checkpoint.note);
  await spool.add(
    archiveNames.proofs,
    canonicalJson({ leaves: [{ ...leaf, index: 0, proof: [] }], growth: [] }),
  );
  await spool.add(archiveNames.journal, "");
  await spool.add(eventsName("shop"), eventLines(count, { now: genesis }));
  const summary = {
    ...{ format: archiveFormat, tenantId: "acme", traceId: subject.traceId, journalEntries: 0 },
    deliveries: [{ moduleId: "shop", events: leaf.sequence, head: leaf.hash }],
  };
  const report = { summary, checkpoint, deliveries: [{ subject, events: [] }], journal: [] };
  await spool.add(archiveNames.report, renderReport({ ...report, contentOf: () => undefined }));
  const text = canonicalJson({ ...summary, files: spool.files });
  const payload = manifestStatement(sha256Hex(text));
  const signed = { keyId, signature: sign(null, envelopeBytes(payload), pair.privateKey) };
  const before = [
    { name: archiveNames.manifest, text },
    { name: archiveNames.manifestBundle, text: bundleOf(payload, signed) },
  ];
  await pipeline(
    packArchive(spool.entries(before), () => spool.end()),
    createWriteStream(file),
  );
}

/** As large as the engine's own are: an invocation and its end. */
async function* eventLines(count: number, head: { now: ChainHead }): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) {
    const invocationId = sha256Hex(String(index)).slice(0, 32);
    const data = {
      ...{ invocationId, instance: "delivery", agentId: "devops-engineer", skillId: "RunTests" },
      ...{ fsmState: "testing", attempt: 1, outcome: "Success", summary: "42 of 42 tests passed" },
    };
    const draft = {
      name: index % 2 === 0 ? "AgentInvoked" : "AgentCompleted",
      source: "/engine",
      data,
    } as const;
    const place = { after: head.now, time: "2026-01-01T00:00:00.000Z" };
    const event = sealEvent(subject, { ...draft, agentId: "devops-engineer", skillId: "RunTests" }, place);
    head.now = headOf(event);
    yield `${canonicalJson(event)}\n`;
  }
}
