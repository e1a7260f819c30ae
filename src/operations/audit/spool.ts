/** Files of an archive on their way: written to a folder of their own first, because the manifest that comes before them needs their digests. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Manifest } from "../../domain/audit/archive.ts";
import type { ArchiveEntry } from "../../domain/audit/verify/archive-reader.ts";

export class Spool {
  readonly files: Manifest["files"] = [];
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async begin(): Promise<Spool> {
    return new Spool(await mkdtemp(path.join(tmpdir(), "connectsoft-audit-")));
  }

  async add(name: string, content: string | AsyncIterable<string>): Promise<void> {
    const hash = createHash("sha256");
    const handle = await open(this.place(this.files.length), "wx", 0o600);
    let bytes = 0;
    try {
      for await (const part of typeof content === "string" ? [content] : content) {
        const encoded = Buffer.from(part);
        hash.update(encoded);
        bytes += encoded.length;
        await handle.writeFile(encoded);
      }
    } finally {
      await handle.close();
    }
    this.files.push({ name, bytes, sha256: hash.digest("hex") });
  }

  /** What was added, after what comes before it. */
  async *entries(before: readonly { name: string; text: string }[]): AsyncGenerator<ArchiveEntry> {
    for (const { name, text } of before) {
      const content = Buffer.from(text);
      yield { name, type: "file", bytes: content.length, content: once(content) };
    }
    for (const [index, { name, bytes }] of this.files.entries())
      yield { name, type: "file", bytes, content: createReadStream(this.place(index)) };
  }

  async end(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private place(index: number): string {
    return path.join(this.folder, String(index));
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
