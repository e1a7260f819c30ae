/** Entries as a tar.gz: the same entries are the same bytes. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { ArchiveEntry } from "../../domain/audit/verify/archive-reader.ts";

/** Who destroys the stream ends the packing; `ended` is called in any case, once. */
export function packArchive(entries: AsyncIterable<ArchiveEntry>, ended: () => Promise<void>): Readable {
  const tar = pack();
  const gzip = createGzip();
  void pipeline(tar, gzip).catch((error: Error) => gzip.destroy(error));
  void fill()
    .catch((error: Error) => tar.destroy(error))
    .finally(ended);
  return gzip;

  async function fill(): Promise<void> {
    for await (const { name, bytes, content } of entries) {
      const header = {
        name,
        size: bytes,
        mode: 0o644,
        uid: 0,
        gid: 0,
        mtime: new Date(0),
        type: "file" as const,
      };
      await pipeline(Readable.from(content), tar.entry(header));
    }
    tar.finalize();
  }
}
