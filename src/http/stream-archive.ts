/** An archive as a download: whoever stops reading ends its making. */
import { Readable } from "node:stream";
import type { Context } from "hono";
import type { ArchiveDownload } from "../operations/audit/export-trace.ts";

export function streamArchive(context: Context, { fileName, stream }: ArchiveDownload): Response {
  return context.body(Readable.toWeb(stream) as ReadableStream, 200, {
    "content-type": "application/gzip",
    "content-disposition": `attachment; filename="${fileName}"`,
  });
}
