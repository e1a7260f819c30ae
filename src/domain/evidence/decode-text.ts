/** Bytes of a report as text: by byte order mark, else by what its XML declaration says, else UTF-8. */
import { UnreadableReport } from "./unreadable-report.ts";

/** No report of a module is larger; what is, holds output and not results. */
export const largestReportBytes = 16 * 1024 * 1024;

export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > largestReportBytes)
    throw new UnreadableReport(`it has ${bytes.length} bytes; at most ${largestReportBytes} are read`);
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    const why = error instanceof RangeError ? "an encoding that is not known" : "and is not";
    throw new UnreadableReport(`it says that it is ${encoding}, ${why}`);
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  return /^<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(beginning)?.[1] ?? "utf-8";
}
