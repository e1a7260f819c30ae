/**
 * A generated YAML file: the same value has the same bytes. Its head says where it comes from; comments, blank lines
 * and marked places for people stand where the value says so.
 */
import { Document, isCollection, isScalar, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { generatedBy } from "./generated-mark.ts";
import type { RenderedFile } from "./pipeline-model.ts";

/** A value with a comment above it. */
class Commented {
  readonly comment: string;
  readonly value: unknown;
  constructor(comment: string, value: unknown) {
    this.comment = comment;
    this.value = value;
  }
}

/** A place that people may fill, and that survives when the file is generated again. */
class KeptRegion {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const topLevel = "\0";

/** Lists and mappings whose items are set apart by blank lines, beside those at the top of a file. */
const spacious = new Set([topLevel, "jobs", "stages", "steps"]);

/** Lists that are read as one line. */
const inline = new Set([
  "stages",
  "branches",
  "needs",
  "include",
  "dependsOn",
  "runtime-version",
  "entrypoint",
]);

export function yamlFile(
  made: { moduleId: string },
  path: string,
  value: object,
  /** What a reader must know first, a line each; follows the mark. */
  { head = [] }: { head?: string[] } = {},
): RenderedFile {
  const document = new Document(toNode(value, topLevel));
  const lines = head.length === 0 ? [generatedBy(made)] : [generatedBy(made), "", ...head];
  const content = document.toString({ lineWidth: 0, blockQuote: "literal", flowCollectionPadding: false });
  const mark = lines.map((line) => `# ${line}`.trimEnd()).join("\n");
  return { path, content: `${mark}\n\n${content}` };
}

/** The value with a comment in the lines above it. */
export function commented(comment: string, value: unknown): unknown {
  return new Commented(comment, value);
}

/** The text with a remark behind it, such as the version that a digest stands for. */
export function remarked(text: string, remark: string): unknown {
  const scalar = new Scalar(text);
  scalar.comment = ` ${remark}`;
  return scalar;
}

/** A marked place among the entries of a mapping: `...keptEntries("jobs")`. */
export function keptEntries(name: string): Record<string, unknown> {
  return { [`connectsoft:keep ${name}`]: new KeptRegion(name) };
}

/** A marked place among the items of a list. */
export function keptItems(name: string): unknown {
  return new KeptRegion(name);
}

function toNode(value: unknown, key = ""): Scalar | YAMLMap | YAMLSeq {
  if (value instanceof Commented) return toNode(value.value, key);
  if (value instanceof Scalar) return value;
  if (Array.isArray(value)) return sequence(value, key);
  if (typeof value === "object" && value !== null) return mapping(value, key);
  // A text of several lines ends as a file does, and so is written as people write it.
  return new Scalar(typeof value === "string" && value.includes("\n") ? `${value.trimEnd()}\n` : value);
}

function mapping(value: object, own: string): YAMLMap {
  const map = new YAMLMap();
  let above: string[] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    if (inner instanceof KeptRegion) {
      above.push(...marks(inner), "");
      continue;
    }
    const key = new Scalar(name);
    const node = toNode(inner, name);
    if (inner instanceof Commented) above.push(inner.comment);
    const isApart = isSpacious(own) && (isCollection(node) || above.length > 0);
    placeAbove(key, above, isApart && map.items.length > 0);
    map.items.push(new Pair(key, node));
    above = [];
  }
  placeBelow(map, above, isSpacious(own));
  return map;
}

function sequence(values: unknown[], own: string): YAMLSeq {
  const seq = new YAMLSeq();
  let above: string[] = [];
  for (const inner of values) {
    if (inner instanceof KeptRegion) {
      above.push(...marks(inner), "");
      continue;
    }
    const node = toNode(inner);
    if (inner instanceof Commented) above.push(inner.comment);
    placeAbove(node, above, isSpacious(own) && isCollection(node) && seq.items.length > 0);
    seq.items.push(node);
    above = [];
  }
  placeBelow(seq, above, isSpacious(own));
  if (inline.has(own) && seq.items.length > 0 && seq.items.every(isScalar)) seq.flow = true;
  return seq;
}

/** What is put in by a condition stands among the items around it. */
function isSpacious(own: string): boolean {
  return spacious.has(own) || own.startsWith("$".concat("{{ if "));
}

function placeAbove(node: Scalar | YAMLMap | YAMLSeq, lines: string[], isApart: boolean): void {
  if (lines.length > 0) node.commentBefore = commentText(lines.join("\n"));
  if (isApart) node.spaceBefore = true;
}

/** The blank line that would part a marked place from what follows stands in front of it where nothing follows. */
function placeBelow(node: YAMLMap | YAMLSeq, lines: string[], isApart: boolean): void {
  if (lines.length === 0) return;
  const text = lines.slice(0, -1).join("\n");
  node.comment = commentText(isApart ? `\n${text}` : text);
}

function marks({ name }: KeptRegion): string[] {
  return [`connectsoft:keep ${name}`, `connectsoft:end ${name}`];
}

function commentText(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : ` ${line}`))
    .join("\n");
}
