/**
 * Reads YAML that is written as plainly as generated files are: blocks, scalars of one line, `|` texts and lists in one
 * line. Whatever else it meets, right or wrong, it leaves to the full parser, which takes ten times as long: what is
 * read here is read by that one without a problem and to the same value, and `plain-yaml.test.ts` holds it to that.
 */
import { flowList, plainScalar, quotedText, withoutComment } from "./plain-scalar.ts";

/** Undefined where the file is not plain, or not YAML. */
export function plainYaml(content: string): { value: unknown } | undefined {
  if (unusualSigns.test(content) || documentMark.test(content) || !content.endsWith("\n")) return undefined;
  const lines = new Lines(content);
  try {
    const value = block(lines, lines.indent);
    return lines.isAtEnd ? { value } : undefined;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

/** What is no letter of the world's main plane, and what some readers take for the end of a line. */
const unusualSigns = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

const documentMark = /^(?:---|\.\.\.)/m;

/** Thrown where something is left to the full parser; nothing is wrong with it, so that it carries no stack. */
const notPlain = Symbol("not plain");

/** Of nested blocks, so that a file cannot exhaust the stack. */
const maxDepth = 50;

/** Stands on a line that holds something, or at the end. */
class Lines {
  readonly #lines: string[];
  #at = -1;
  #start = 0;
  depth = 0;

  constructor(content: string) {
    this.#lines = content.split("\n");
    this.next();
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#lines.length;
  }

  /** Of the line; -1 at the end. */
  get indent(): number {
    return this.#start;
  }

  get text(): string {
    return (this.#lines[this.#at] ?? "").slice(this.#start);
  }

  next(): void {
    for (this.#at += 1; this.#at < this.#lines.length; this.#at += 1) {
      this.#start = indentOf(this.#lines[this.#at] ?? "");
      const first = this.#lines[this.#at]?.[this.#start];
      if (first !== undefined && first !== "#") return;
    }
    this.#start = -1;
  }

  /** What follows a dash stands on its line as if it were indented that far. */
  behindDash(): void {
    this.#start += 2;
  }

  /** The `|` text below this line; afterwards it stands on the line behind the text. */
  literal(parentIndent: number): string {
    const first = this.#lines[this.#at + 1] ?? "";
    const indent = indentOf(first);
    if (indent <= parentIndent || indent === first.length) throw notPlain;
    const text: string[] = [];
    for (this.#at += 1; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#lines[this.#at] ?? "";
      const own = indentOf(line);
      if (own === line.length && own > 0) throw notPlain;
      if (own < line.length && own < indent) break;
      text.push(line.slice(indent));
    }
    this.#at -= 1;
    this.next();
    while (text.at(-1) === "") text.pop();
    return text.join("\n");
  }
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 32) indent += 1;
  return indent;
}

function block(lines: Lines, indent: number): unknown {
  lines.depth += 1;
  if (indent < 0 || lines.depth > maxDepth) throw notPlain;
  const value = isItem(lines.text) ? sequence(lines, indent) : mapping(lines, indent);
  lines.depth -= 1;
  return value;
}

function isItem(text: string): boolean {
  return text.startsWith("- ");
}

function mapping(lines: Lines, indent: number): Record<string, unknown> {
  const entries: Record<string, unknown> = {};
  while (lines.indent === indent) {
    const { key, rest } = entryOf(lines.text) ?? fail();
    if (Object.hasOwn(entries, key) || key === "__proto__" || key === "<<") throw notPlain;
    entries[key] = rest === "" ? below(lines, indent) : value(lines, rest, indent);
  }
  if (lines.indent > indent) throw notPlain;
  return entries;
}

function sequence(lines: Lines, indent: number): unknown[] {
  const items: unknown[] = [];
  while (lines.indent === indent) {
    if (!isItem(lines.text)) throw notPlain;
    lines.behindDash();
    const rest = lines.text;
    const isNested = isItem(rest) || entryOf(rest) !== undefined;
    items.push(isNested ? block(lines, indent + 2) : value(lines, withoutComment(rest), indent));
  }
  if (lines.indent > indent) throw notPlain;
  return items;
}

/** What stands indented on the lines below, or nothing. */
function below(lines: Lines, indent: number): unknown {
  lines.next();
  if (lines.indent === indent && isItem(lines.text)) throw notPlain;
  return lines.indent > indent ? block(lines, lines.indent) : null;
}

function value(lines: Lines, text: string, indent: number): unknown {
  if (text === "|") return `${lines.literal(indent)}\n`;
  if (text === "|-") return lines.literal(indent);
  const read = text === "{}" ? {} : (flowList(text) ?? quotedText(text) ?? plainScalar(text));
  if (read === undefined) throw notPlain;
  lines.next();
  // Indented further, it would go on with the scalar.
  if (lines.indent > indent) throw notPlain;
  return read;
}

/** Undefined where the text is no entry of a mapping with a key that is a text. */
function entryOf(text: string): { key: string; rest: string } | undefined {
  const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'):(?: +(.*))?$/.exec(text);
  const plain = quoted ?? /^([^\s\-?:,[\]{}#&*!|>'"%@`](?:[^:#]|:(?! )|(?<! )#)*?):(?: +(.*))?$/.exec(text);
  const [, name = "", rest = ""] = plain ?? [];
  if (name === "" || name.length > 500) return undefined;
  const key = quoted === null ? plainScalar(name) : quotedText(name);
  return typeof key === "string" ? { key, rest: withoutComment(rest) } : undefined;
}

function fail(): never {
  throw notPlain;
}
