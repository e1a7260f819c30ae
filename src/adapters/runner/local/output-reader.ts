/** Reads what a step prints: whole lines to whoever watches, and the end of it for the report. */
import { StringDecoder } from "node:string_decoder";
import { createRedactor, type Redact } from "./redact.ts";

export interface OutputReader {
  /** One a stream: their lines do not tear each other. */
  stream(): { push(chunk: Buffer): void; end(): void };
  /** The last lines, at most 64 KiB. */
  text(): string;
  /** The lines that were asked to be kept, wherever they stood. */
  kept(): string;
}

export interface OutputOptions {
  onLine(line: string): void;
  keep(line: string): boolean;
  /** Values that must not be seen. */
  secrets?: readonly string[];
  /** Where it runs, a folder of its own each time: files in it are named from there. */
  directory: string;
}

const outputLimit = 64 * 1024;
const lineLimit = 4 * 1024;
/** Some runners print two of them for each test. */
const keptLimit = 4 * 1024 * 1024;
/** What is shown live of one step; nobody reads more, and whoever is far away would have to be sent it. */
const shownLimit = 16 * 1024 * 1024;

export function readOutput(options: OutputOptions): OutputReader {
  let lines: string[] = [];
  let bytes = 0;
  let keptBytes = 0;
  let shownBytes = 0;
  const keptLines: string[] = [];

  return { stream, text: () => lastLines(lines).join("\n"), kept: () => keptLines.join("\n") };

  function stream() {
    const decoder = new StringDecoder("utf8");
    const redact = createRedactor(options.secrets);
    let rest = "";
    /** Of a line that is longer than any that is kept, only the beginning. */
    let cut = false;
    return {
      push(chunk: Buffer) {
        const parts = decoder.write(chunk).split("\n");
        const last = parts.pop() ?? "";
        for (const part of parts) {
          take(cut ? rest : rest + part, redact);
          rest = "";
          cut = false;
        }
        if (!cut) rest += last.slice(0, lineLimit * 2);
        cut = rest.length >= lineLimit * 2;
      },
      end() {
        rest += decoder.end();
        if (rest !== "") take(rest, redact);
        rest = "";
      },
    };
  }

  function take(raw: string, redact: Redact): void {
    // Redacted before it is cut: half a token would no longer look like one.
    const line = fromThere(redact(raw.replace(/\r$/, ""))).slice(0, lineLimit);
    if (options.keep(line) && keptBytes < keptLimit) {
      keptLines.push(line);
      keptBytes += line.length;
    }
    lines.push(line);
    bytes += line.length + 1;
    if (bytes > 2 * outputLimit) shorten();
    show(line);
  }

  function fromThere(line: string): string {
    return line.replaceAll(`file://${options.directory}/`, "").replaceAll(`${options.directory}/`, "");
  }

  function show(line: string): void {
    if (shownBytes > shownLimit) return;
    shownBytes += line.length + 1;
    if (shownBytes <= shownLimit) options.onLine(line);
    else options.onLine("... it goes on printing; the end of it will be in the report");
  }

  function shorten(): void {
    lines = lastLines(lines);
    bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  }
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
