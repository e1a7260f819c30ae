/** The archive of a trace: verifies on its own, and no byte, file or order of it can be another. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readArchive } from "../../src/cli/audit/read-archive.ts";
import { verifyFile } from "../../src/cli/audit/verify-file.ts";
import type { ArchivedKey } from "../../src/domain/audit/archive.ts";
import { readCheckpointFile } from "../../src/domain/audit/checkpoint-file.ts";
import { Misfit } from "../../src/domain/audit/verify/misfit.ts";
import type { VerifiedArchive } from "../../src/domain/audit/verify/verify-archive.ts";
import { problemOfVote } from "../../src/domain/audit/vote-signature.ts";
import { canonicalJson, sha256Hex } from "../../src/domain/canonical-json.ts";
import type { Subject } from "../../src/domain/scope.ts";
import type { TestSystem } from "../support/system.ts";
import {
  deliverToProduction,
  type Entry,
  entriesOf,
  exported,
  repacked,
  verdictOf,
  withFile,
} from "./trace-archive.ts";

let world: TestSystem;
let subject: Subject;
let archive: Buffer;
let entries: Entry[];
let published: string;

beforeAll(async () => {
  ({ world, subject } = await deliverToProduction());
  archive = await exported(world, subject);
  entries = await entriesOf(archive);
  const { file } = await world.system.auditLog.check(subject.tenantId, {});
  published = await readFile(file, "utf8");
});
afterAll(() => world.close());

const names = () => entries.map(({ name }) => name);

describe("an archive that nobody touched", () => {
  test("holds events, artifacts, statements, proofs and the report, and agrees with itself", async () => {
    const found = (await verdictOf(entries)) as VerifiedArchive;
    const events = await world.system.store.events(subject);
    expect(found).toMatchObject({
      tenantId: subject.tenantId,
      traceId: subject.traceId,
      authenticated: false,
    });
    expect(found.counts).toMatchObject({ deliveries: 1, events: events.length, journalEntries: 2 });
    expect(found.counts.artifacts).toBe(names().filter((name) => name.startsWith("artifacts/")).length);
    const kinds = names().flatMap(
      (name) => /^statements\/.*\d-([a-z-]+)\.sigstore\.json$/.exec(name)?.[1] ?? [],
    );
    expect(new Set(kinds)).toEqual(new Set(["test-result", "sbom", "provenance", "approval", "deployment"]));
  });

  test("is authenticated by a key and a checkpoint from elsewhere, and by neither alone", async () => {
    const [key] = await world.system.signer.keys(subject.tenantId);
    const trust = new Set([key?.keyId ?? ""]);
    const { checkpoints } = readCheckpointFile(published);
    expect(await verdictOf(entries, { trust, checkpoints })).toMatchObject({ authenticated: true });
    expect(await verdictOf(entries, { trust })).toMatchObject({ authenticated: false });
    expect(await verdictOf(entries, { checkpoints })).toMatchObject({ authenticated: false });
  });

  test("is the same, byte by byte, when it is exported again", async () => {
    expect((await exported(world, subject)).equals(archive)).toBe(true);
  });

  test("goes on from a checkpoint that was kept before the delivery ended, which covers less of it", async () => {
    const earlier = readCheckpointFile(published).checkpoints.slice(0, 1);
    await world.system.journal.append(subject.tenantId, [{ act: "AccessDenied", actor: "eve", data: {} }]);
    const later = await entriesOf(await exported(world, subject));
    expect(await verdictOf(later, { checkpoints: earlier })).toMatchObject({
      compared: { size: earlier[0]?.size },
    });
  });

  test("says who approved, by whose signature, and shows what people wrote as text", async () => {
    const report = contentOf("report.html");
    expect(report).toContain(
      "&lt;script&gt;alert(1)&lt;/script&gt; \\u{1b}[31mred\\u{202e} &quot;fine&quot;",
    );
    expect(report).toContain("not signed; recorded by the server for max");
    expect(report).toContain("signed by the server on behalf of ada");
    for (const part of ["<script", 'http-equiv="refresh', "src=", "href="])
      expect(report).not.toContain(part);
    for (const word of ["jane", "TestsPassed", "DeploymentCompleted", "release-000002", "mallory"])
      expect(report).toContain(word);
  });
});

describe("an archive that was touched", () => {
  test("whatever byte of whatever file is changed, packed again, it does not fit, and that file or its place is named", async () => {
    const places = fc.nat(10_000_000).chain((seed) =>
      fc.record({
        index: fc.constant(seed % entries.length),
        offset: fc.nat(1_000_000),
        difference: fc.integer({ min: 1, max: 255 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(places, async ({ index, offset, difference }) => {
        const { name, content } = entries[index] as Entry;
        if (content.length === 0) return;
        const changed = Buffer.from(content);
        const at = offset % changed.length;
        changed.writeUInt8(changed.readUInt8(at) ^ difference, at);
        expect(await verdictOf(entries.with(index, { name, content: changed }))).toBeInstanceOf(Misfit);
      }),
      { numRuns: 400 },
    );
  });

  test("each file by itself: one byte changed in every one of them is found", async () => {
    for (const [index, { name, content }] of entries.entries()) {
      const changed = Buffer.from(content);
      const at = Math.floor(content.length / 2);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(await verdictOf(entries.with(index, { name, content: changed })), name).toBeInstanceOf(Misfit);
    }
  });

  test("every file that is left out, doubled, or in another's place is found", async () => {
    for (const [index, entry] of entries.entries()) {
      expect(await verdictOf(entries.toSpliced(index, 1)), entry.name).toBeInstanceOf(Misfit);
      expect(await verdictOf(entries.toSpliced(index, 0, entry)), entry.name).toBeInstanceOf(Misfit);
      const next = entries[index + 1];
      if (next === undefined) continue;
      expect(await verdictOf(entries.toSpliced(index, 2, next, entry)), entry.name).toBeInstanceOf(Misfit);
    }
    expect(await verdictOf([...entries, { name: "more.txt", content: Buffer.from("x") }])).toMatchObject({
      where: "more.txt",
    });
  });

  test("an event that is left out, doubled or put elsewhere is named, also where the manifest was made to fit", async () => {
    const lines = contentOf("events/booking-service.jsonl").trimEnd().split("\n");
    const [third, fourth] = [lines[2] ?? "", lines[3] ?? ""];
    for (const [changed, where] of [
      [lines.toSpliced(2, 1), "event 3"],
      [lines.toSpliced(2, 0, third), "event 4"],
      [lines.toSpliced(2, 2, fourth, third), "event 3"],
      [lines.slice(0, -1), "manifest.json"],
    ] as const) {
      const forged = withManifest(replaced("events/booking-service.jsonl", `${changed.join("\n")}\n`));
      expect(await verdictOf(forged)).toBeInstanceOf(Misfit);
      // Without the manifest's signature in the way, the chain itself says which.
      expect((await verdictOf(await resigned(forged))) as Misfit).toMatchObject({
        where: expect.stringContaining(where),
      });
    }
  });

  test("a statement, a proof, an artifact or a report that was forged and signed by the server itself does not fit the events", async () => {
    const statement = names().find((name) => name.endsWith("-test-result.sigstore.json")) ?? "";
    const report = contentOf("report.html").replace("jane", "nobody");
    const artifact = names().find((name) => name.startsWith("artifacts/")) ?? "";
    const other = await signedBundle({ _type: "https://in-toto.io/Statement/v1", result: "PASSED" });
    const proofs = JSON.parse(contentOf("proofs.json"));
    proofs.leaves[0].index += 1;
    for (const [name, content, problem] of [
      [statement, other, "states something else"],
      ["report.html", report, "says something else"],
      [artifact, "another", "is not what event"],
      ["proofs.json", canonicalJson(proofs), "does not prove"],
      ["journal.jsonl", "", "holds 0 entries"],
    ] as const) {
      const forged = await resigned(withManifest(replaced(name, content)));
      expect(await verdictOf(forged), name).toMatchObject({ problem: expect.stringContaining(problem) });
    }
  });

  test("a vote whose signature is of another vote, or of another key, is found", async () => {
    const keys = (await world.system.signer.keys(subject.tenantId)) as ArchivedKey[];
    const [vote] = await world.system.store.events(subject, { names: ["ApprovalRefused"] });
    if (vote === undefined) throw new Error("no vote");
    const with_ = (data: object) =>
      problemOfVote(subject, { ...vote, data: { ...vote.data, ...data } }, keys);
    expect(with_({})).toBeUndefined();
    for (const change of [
      { by: "max" },
      { comment: "yes" },
      { decision: "approved" },
      { releaseId: "release-000009" },
    ])
      expect(with_(change)).toMatch(/does not fit/);
    expect(problemOfVote({ ...subject, moduleId: "other" }, vote, keys)).toMatch(/does not fit/);
    expect(problemOfVote(subject, vote, [])).toMatch(/no key of this tenant/);
    expect(with_({ digests: {} })).toMatch(/no vote/);
  });

  test("one that was made up whole, by another server with its own key, agrees with itself and is not authentic", async () => {
    const another = await deliverToProduction();
    const forged = await entriesOf(await exported(another.world, another.subject));
    const [key] = await world.system.signer.keys(subject.tenantId);
    const { checkpoints } = readCheckpointFile(published);
    await another.world.close();
    expect(await verdictOf(forged)).toMatchObject({ authenticated: false });
    expect(await verdictOf(forged, { trust: new Set([key?.keyId ?? ""]) })).toMatchObject({
      where: "manifest.sigstore.json",
      problem: expect.stringContaining("none that you trust"),
    });
    expect(await verdictOf(forged, { checkpoints })).toMatchObject({
      where: expect.stringContaining("your checkpoint"),
    });
  });

  test("a history that the server itself rewrote, with its own key, does not go on from the checkpoint that was kept", async () => {
    const another = await deliverToProduction();
    const { pool } = another.world;
    await another.world.system.auditLog.checkpoint(subject.tenantId);
    const { file } = await another.world.system.auditLog.check(subject.tenantId, {});
    const { checkpoints } = readCheckpointFile(await readFile(file, "utf8"));
    const [table] = ["journal"];
    await pool.query(`delete from connectsoft.${table}`);
    await pool.query(`delete from connectsoft.journal_heads`);
    for (const name of ["log_leaves", "log_checkpoints", "log_publications"])
      await pool.query(`delete from connectsoft.${name}`);
    await writeFile(file, "");
    await another.world.system.journal.append(subject.tenantId, [
      { act: "AccessPermitted", actor: "max", data: { traceId: another.subject.traceId } },
      { act: "AccessPermitted", actor: "max", data: { traceId: another.subject.traceId } },
      { act: "AccessPermitted", actor: "max", data: { traceId: another.subject.traceId } },
    ]);
    const rewritten = await entriesOf(await exported(another.world, another.subject));
    const trust = new Set(
      (await another.world.system.signer.keys(subject.tenantId)).map(({ keyId }) => keyId),
    );
    await another.world.close();
    expect(await verdictOf(rewritten, { trust })).toMatchObject({ authenticated: false });
    expect(await verdictOf(rewritten, { trust, checkpoints })).toMatchObject({
      problem: expect.stringContaining("one of the two histories was rewritten"),
    });
  });
});

describe("the command", () => {
  test("says which of the three it is, with an exit code for each", async () => {
    const [key] = await world.system.signer.keys(subject.tenantId);
    await withFile(archive, async (file) => {
      const kept = `${file}.checkpoints`;
      await writeFile(kept, published);
      expect(await verifyFile("/", file, {})).toMatchObject({
        exitCode: 3,
        lines: [
          expect.stringMatching(/^consistent, not authenticated: /),
          ...Array(5).fill(expect.any(String)),
        ],
      });
      const flags = { trust: key?.keyId ?? "", checkpoint: kept };
      expect(await verifyFile("/", file, flags)).toMatchObject({ exitCode: 0 });
      const keys = `${file}.keys`;
      await writeFile(keys, JSON.stringify(await world.system.signer.keys(subject.tenantId)));
      expect(await verifyFile("/", file, { ...flags, trust: keys })).toMatchObject({ exitCode: 0 });
      await writeFile(keys, key?.publicKey ?? "");
      expect(await verifyFile("/", file, { ...flags, trust: keys })).toMatchObject({ exitCode: 0 });
      expect(await verifyFile("/", file, { ...flags, trust: "0".repeat(64) })).toMatchObject({
        exitCode: 4,
        json: { verdict: "does not fit", where: "manifest.sigstore.json" },
      });
      await expect(verifyFile("/", file, { trust: "/etc/hostname" })).rejects.toThrow(/holds no key/);
      await expect(verifyFile("/", file, { checkpoint: "/etc/hostname" })).rejects.toThrow(
        /holds no checkpoint/,
      );
    });
    await expect(verifyFile("/", "/nowhere", {})).rejects.toThrow(/cannot be read: ENOENT/);
  });

  test("runs as a program of its own, with nothing of the product around it and the right to read files only", async () => {
    const entry = path.resolve(import.meta.dirname, "../../src/audit-verify.ts");
    await withFile(archive, async (file) => {
      const permission = ["--permission", "--allow-fs-read=*"];
      const child = spawn(process.execPath, [...permission, entry, file], { env: {} });
      const [out, err, code] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise((resolve) => child.once("exit", resolve)),
      ]);
      expect({ out, err, code }).toMatchObject({
        out: expect.stringMatching(/^consistent, not authenticated/),
        code: 3,
      });
    });
  });

  test("finds the change in an archive that was packed again", async () => {
    const index = names().indexOf("report.html");
    const { name, content } = entries[index] as Entry;
    const changed = Buffer.from(content.toString().replace("jane", "john"));
    await withFile(await repacked(entries.with(index, { name, content: changed })), async (file) => {
      expect(await verifyFile("/", file, {})).toMatchObject({
        exitCode: 4,
        lines: ["does not fit: report.html has another digest than the manifest says"],
      });
    });
  });

  test("an archive whose compressed bytes were cut or changed is none", async () => {
    await withFile(archive.subarray(0, archive.length - 100), async (file) => {
      expect(await verifyFile("/", file, {})).toMatchObject({ exitCode: 4 });
    });
    for (const content of ["", "no archive", "\u001f\u008b"])
      await withFile(Buffer.from(content), async (file) => {
        const verdict = await verifyFile("/", file, {});
        expect(verdict).toMatchObject({ exitCode: 4 });
        expect(await readAll(file)).toBe(0);
      });
  });
});

async function readAll(file: string): Promise<number> {
  let count = 0;
  try {
    for await (const _ of readArchive(file)) count += 1;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
  }
  return count;
}

function contentOf(name: string): string {
  return entries.find((entry) => entry.name === name)?.content.toString("utf8") ?? "";
}

function replaced(name: string, content: string): Entry[] {
  return entries.map((entry) => (entry.name === name ? { name, content: Buffer.from(content) } : entry));
}

/** The manifest of these files, as if they were the ones that were exported. */
function withManifest(changed: Entry[]): Entry[] {
  const manifest = JSON.parse(contentOf("manifest.json"));
  manifest.files = changed.slice(2).map(({ name, content }) => ({
    ...{ name, bytes: content.length, sha256: sha256Hex(content) },
  }));
  return changed.with(0, { name: "manifest.json", content: Buffer.from(canonicalJson(manifest)) });
}

/** Signed with the tenant's own key: what somebody with the server's key can do. */
async function resigned(changed: Entry[]): Promise<Entry[]> {
  const { manifestStatement } = await import("../../src/domain/audit/archive.ts");
  const statement = JSON.parse(manifestStatement(sha256Hex(changed[0]?.content ?? "")));
  return changed.with(1, {
    name: "manifest.sigstore.json",
    content: Buffer.from(await signedBundle(statement)),
  });
}

async function signedBundle(statement: object): Promise<string> {
  const { bundleOf, envelopeBytes } = await import("../../src/domain/audit/dsse-bundle.ts");
  const payload = canonicalJson(statement);
  return bundleOf(payload, await world.system.signer.sign(subject.tenantId, envelopeBytes(payload)));
}
