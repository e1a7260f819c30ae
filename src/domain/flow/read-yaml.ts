/** YAML in, plain data and positions out. Aliases are allowed in small number; everything unusual is refused. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import type { Position, Report } from "./flow-problem.ts";

export type YamlPath = readonly PropertyKey[];

export interface YamlSource {
  data: unknown;
  /** Where the key of the last step stands, or the item of a list. */
  keyAt(path: YamlPath): Position;
  /** Where its value stands. */
  valueAt(path: YamlPath): Position;
}

const longestBytes = 256 * 1024;
const mostAliases = 50;
const start: Position = { line: 1, column: 1 };

/** What the file is, and what it needs at least: for messages. */
export interface Expected {
  kind: string;
  needs: string;
}
const aFlow: Expected = { kind: "flow", needs: "at least `states:`" };

export function readYaml(text: string, report: Report, expected = aFlow): YamlSource | undefined {
  if (Buffer.byteLength(text) > longestBytes) {
    report(start, `the file is larger than 256 KiB, which no ${expected.kind} needs`);
    return undefined;
  }
  if (text.trim() === "") {
    report(start, emptiness(expected));
    return undefined;
  }
  const lines = new LineCounter();
  const document = parse(text, { lines, kind: expected.kind }, report);
  if (document === undefined) return undefined;
  const data = toData(document, expected, report);
  if (data === undefined) return undefined;
  return {
    data,
    keyAt: (path) => positionOf(lines, locate(document, path).key),
    valueAt: (path) => positionOf(lines, locate(document, path).value),
  };
}

function parse(
  text: string,
  { lines, kind }: { lines: LineCounter; kind: string },
  report: Report,
): Document | undefined {
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
    });
    const faults = [...document.errors, ...document.warnings];
    for (const fault of faults) {
      report(
        positionOf(lines, fault.pos[0]),
        `not the YAML of a ${kind}: ${plain(fault.code, fault.message)}`,
      );
    }
    return faults.length === 0 && hasPlainKeys(document, lines, report) ? document : undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report(start, `not the YAML of a ${kind}: it is nested too deeply`);
    return undefined;
  }
}

/** A key that plain objects treat as their prototype would vanish unseen. */
function hasPlainKeys(document: Document, lines: LineCounter, report: Report): boolean {
  let plain = true;
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== "__proto__") return;
      report(positionOf(lines, offsetOf(key) ?? 0), `"__proto__" cannot be a key`);
      plain = false;
    },
  });
  return plain;
}

function plain(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "a key stands twice in one mapping; keep one of them";
  if (code === "MULTIPLE_DOCS") return "more than one document in the file";
  // The parser reports where its own recursion ended.
  return message.includes("call stack") ? "it is nested too deeply" : message;
}

function emptiness({ kind, needs }: Expected): string {
  return `the file is empty; a ${kind} needs ${needs}`;
}

function toData(document: Document, expected: Expected, report: Report): unknown {
  try {
    const data: unknown = document.toJS({ maxAliasCount: mostAliases });
    if (data !== null && data !== undefined) return data;
    report(start, emptiness(expected));
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    report(start, `too many aliases, or aliases within aliases: at most ${mostAliases} are expanded`);
  }
  return undefined;
}

interface Located {
  key: number;
  value: number;
}

/** Follows the path as far as it goes and answers with the deepest place that the text shows. */
function locate(document: Document, path: YamlPath): Located {
  let node: unknown = document.contents;
  let found: Located = { key: offsetOf(node) ?? 0, value: offsetOf(node) ?? 0 };
  for (const step of path) {
    const collection = isAlias(node) ? node.resolve(document) : node;
    if (isMap(collection)) {
      const pair = collection.items.find((item: Pair) => String(item.key) === String(step));
      if (pair === undefined) return found;
      const key = offsetOf(pair.key) ?? found.key;
      node = pair.value;
      found = { key, value: offsetOf(node) ?? key };
    } else if (isSeq(collection)) {
      node = collection.items[Number(step)];
      const offset = offsetOf(node) ?? found.value;
      found = { key: offset, value: offset };
    } else {
      return found;
    }
  }
  return found;
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
