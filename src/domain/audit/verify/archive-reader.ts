/**
 * Reads an archive entry by entry, in the one order that it has: every entry is asked for by its name, may be as long
 * as the manifest says and no longer, and has the digest that the manifest says. Nothing is written anywhere.
 */
import { createHash } from "node:crypto";
import { archiveLimits, archiveNames, type Manifest } from "../archive.ts";
import { Misfit } from "./misfit.ts";

export interface ArchiveEntry {
  name: string;
  /** `file`, or what a hostile archive may hold instead: `symlink`, `link`, `directory`, ... */
  type: string;
  bytes: number;
  content: AsyncIterable<Uint8Array>;
}

export class ArchiveReader {
  private readonly entries: AsyncIterator<ArchiveEntry>;
  private files: Manifest["files"] | undefined;
  private position = 0;

  constructor(entries: AsyncIterable<ArchiveEntry>) {
    this.entries = entries[Symbol.asyncIterator]();
  }

  /** From here on every entry is held to what the manifest says of it. */
  holdTo(manifest: Manifest): void {
    this.files = manifest.files;
  }

  /** The whole of the next entry, as text. */
  async text(name: string): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const part of this.bytes(name, archiveLimits.documentBytes)) parts.push(part);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
    } catch {
      throw new Misfit(name, "is no UTF-8 text");
    }
  }

  /** The lines of the next entry, each of which ends with a line feed. */
  async *lines(name: string): AsyncGenerator<string> {
    let rest = Buffer.alloc(0);
    for await (const part of this.bytes(name, Number.POSITIVE_INFINITY)) {
      let start = 0;
      for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, start)) {
        const line = Buffer.from(part.buffer, part.byteOffset + start, end - start);
        yield (rest.length === 0 ? line : Buffer.concat([rest, line])).toString("utf8");
        rest = Buffer.alloc(0);
        start = end + 1;
      }
      rest = Buffer.concat([rest, part.subarray(start)]);
      if (rest.length > archiveLimits.lineBytes) throw new Misfit(name, "holds a line that is too long");
    }
    if (rest.length > 0) throw new Misfit(name, "ends within a line");
  }

  async end(): Promise<void> {
    const next = await this.entries.next();
    if (next.done !== true)
      throw new Misfit(next.value.name, "is not listed in the manifest, or stands there twice");
    const missing = this.files?.[this.position];
    if (missing !== undefined)
      throw new Misfit(missing.name, "is listed in the manifest and belongs to nothing");
  }

  private async *bytes(name: string, atMost: number): AsyncGenerator<Uint8Array> {
    const entry = await this.take(name);
    const listed = this.listed(name);
    const limit = Math.min(atMost, listed?.bytes ?? archiveLimits.documentBytes);
    if (entry.bytes > limit) throw new Misfit(name, `is ${entry.bytes} bytes long, and may be ${limit}`);
    const hash = createHash("sha256");
    let length = 0;
    for await (const part of entry.content) {
      length += part.length;
      if (length > limit) throw new Misfit(name, `is longer than the ${limit} bytes that it may be`);
      hash.update(part);
      yield part;
    }
    if (listed === undefined) return;
    if (length !== listed.bytes)
      throw new Misfit(name, `is ${length} bytes long, and the manifest says ${listed.bytes}`);
    if (hash.digest("hex") !== listed.sha256)
      throw new Misfit(name, "has another digest than the manifest says");
  }

  private async take(name: string): Promise<ArchiveEntry> {
    const next = await this.entries.next();
    if (next.done === true) throw new Misfit(name, "is missing");
    const entry = next.value;
    if (entry.type !== "file")
      throw new Misfit(entry.name, `is a ${entry.type}; an archive holds files only`);
    if (entry.name !== name) throw new Misfit(entry.name, `stands where ${name} should`);
    return entry;
  }

  private listed(name: string): Manifest["files"][number] | undefined {
    const isBefore = name === archiveNames.manifest || name === archiveNames.manifestBundle;
    if (this.files === undefined || isBefore) return undefined;
    const listed = this.files[this.position];
    if (listed?.name !== name) throw new Misfit(name, "is not where the manifest lists it");
    this.position += 1;
    return listed;
  }
}
