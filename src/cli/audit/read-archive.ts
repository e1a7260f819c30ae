/**
 * The entries of a tar.gz as they stream by. Nothing is unpacked to disk, and whatever it would unpack to, it ends at
 * the limit.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { ArchiveEntry } from "../../domain/audit/verify/archive-reader.ts";
import { Misfit } from "../../domain/audit/verify/misfit.ts";
import { refuse } from "../../domain/refusal.ts";

export interface ArchiveLimits {
  /** Of everything in it, unpacked. */
  unpackedBytes: number;
}

const usualLimits: ArchiveLimits = { unpackedBytes: 64 * 2 ** 30 };

/** Refuses with InputInvalid what cannot be read; what is no such archive is a Misfit. */
export async function* readArchive(file: string, limits = usualLimits): AsyncGenerator<ArchiveEntry> {
  await requireFile(file);
  const entries = extract();
  // Whatever goes wrong on the way comes out of the entries.
  pipeline(createReadStream(file), createGunzip(), limited(limits), entries, () => undefined);
  try {
    for await (const entry of entries) {
      const { name, type, size } = entry.header;
      yield {
        name,
        type: type ?? "file",
        bytes: size ?? 0,
        content: readable(entry as AsyncIterable<Uint8Array>),
      };
      entry.resume();
    }
  } catch (error) {
    throw asMisfit(error);
  } finally {
    entries.destroy();
  }
}

async function* readable(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw asMisfit(error);
  }
}

function asMisfit(error: unknown): Misfit {
  if (error instanceof Misfit) return error;
  const why = error instanceof Error ? error.message : String(error);
  if (why === "incorrect header check")
    return new Misfit("the archive", "is no tar.gz, or its first bytes were changed");
  return new Misfit("the archive", `cannot be read to its end: ${why}`);
}

async function requireFile(file: string): Promise<void> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw refuse(
      "InputInvalid",
      `${file} cannot be read: ${error.code}.`,
      "Name an archive that audit export made.",
    );
  });
  const stat = await handle.stat().finally(() => handle.close());
  if (!stat.isFile())
    throw refuse("InputInvalid", `${file} is no file.`, "Name an archive that audit export made.");
}

function limited({ unpackedBytes }: ArchiveLimits): Transform {
  let bytes = 0;
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      bytes += part.length;
      if (bytes <= unpackedBytes) done(null, part);
      else
        done(new Misfit("the archive", `holds more than ${unpackedBytes} bytes: what may be unpacked of it`));
    },
  });
}
