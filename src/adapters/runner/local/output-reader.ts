/** Reads what a step prints: whole lines to whoever watches, and the end of it for the report. */
import { StringDecoder } from "node:string_decoder";

export interface OutputReader {
  /** One a stream: their lines do not tear each other. */
  stream(): { push(chunk: Buffer): void; end(): void };
  /** The last lines, at most 64 KiB. */
  text(): string;
  /** The lines that were asked to be kept, wherever they stood. */
  kept(): string;
}

const outputLimit = 64 * 1024;
const lineLimit = 4 * 1024;
const keptLimit = 64;

export function readOutput(onLine: (line: string) => void, keep: (line: string) => boolean): OutputReader {
  let lines: string[] = [];
  let bytes = 0;
  const keptLines: string[] = [];

  return { stream, text: () => lastLines(lines).join("\n"), kept: () => keptLines.join("\n") };

  function stream() {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    return {
      push(chunk: Buffer) {
        const parts = (rest + decoder.write(chunk)).split("\n");
        rest = (parts.pop() ?? "").slice(-lineLimit);
        for (const part of parts) take(part);
      },
      end() {
        rest += decoder.end();
        if (rest !== "") take(rest);
        rest = "";
      },
    };
  }

  function take(raw: string): void {
    const line = redact(raw.replace(/\r$/, "").slice(0, lineLimit));
    if (keep(line) && keptLines.length < keptLimit) keptLines.push(line);
    lines.push(line);
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > 2 * outputLimit) shorten();
    onLine(line);
  }

  function shorten(): void {
    lines = lastLines(lines);
    bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  }
}

/** Credentials in addresses, and npm's tokens: they could come from a registry's configuration. */
export function redact(line: string): string {
  return line
    .replaceAll(/(\w+:\/\/)[^\s/:@]+:[^\s/@]+@/g, "$1***@")
    .replaceAll(/(_authToken|_auth|_password)(\s*=\s*)\S+/g, "$1$2***")
    .replaceAll(/\b(npm_|gh[ps]_)[A-Za-z0-9]{30,}/g, "$1***");
}

function lastLines(lines: string[]): string[] {
  let size = 0;
  let first = lines.length;
  while (first > 0) {
    size += Buffer.byteLength(lines[first - 1] ?? "") + 1;
    if (size > outputLimit) break;
    first -= 1;
  }
  return lines.slice(first);
}
