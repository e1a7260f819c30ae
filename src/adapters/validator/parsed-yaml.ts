/**
 * A file's YAML, and the line of every value. Parsed once for all validators that are shown the same file; by the full
 * parser only where the file is not plain or where something is found in it.
 */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { RenderedFile } from "../../domain/pipeline/pipeline-model.ts";
import { plainYaml } from "./plain-yaml.ts";

export interface ParsedYaml {
  /** Undefined where the file is no YAML. */
  value: unknown;
  content: string;
  /** Has neither errors nor warnings. */
  isPlain: boolean;
}

const parsedFiles = new WeakMap<RenderedFile, ParsedYaml>();
const documents = new WeakMap<ParsedYaml, Document>();

export function parsedYaml(file: RenderedFile): ParsedYaml {
  const known = parsedFiles.get(file);
  if (known !== undefined) return known;
  const parsed = parse(file.content);
  parsedFiles.set(file, parsed);
  return parsed;
}

/** What the full parser makes of it. */
export function documentOf(parsed: ParsedYaml): Document {
  const known = documents.get(parsed);
  if (known !== undefined) return known;
  const document = fullyParsed(parsed.content);
  documents.set(parsed, document);
  return document;
}

function parse(content: string): ParsedYaml {
  const plain = plainYaml(content);
  if (plain !== undefined) return { value: plain.value, content, isPlain: true };
  const document = fullyParsed(content);
  const value: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  const parsed = { value, content, isPlain: false };
  documents.set(parsed, document);
  return parsed;
}

function fullyParsed(content: string): Document {
  return parseDocument(content, { strict: true, uniqueKeys: true, prettyErrors: false });
}

/** The line on which the entry or item of that path begins; where there is none, that of the nearest above it. */
export function lineAt(parsed: ParsedYaml, path: readonly (string | number)[]): number {
  const document = documentOf(parsed);
  let node: unknown = document.contents;
  let offset = startOf(document.contents) ?? 0;
  for (const step of path) {
    const found = childOf(node, step);
    if (found === undefined) break;
    node = isPair(found) ? found.value : found;
    offset = (isPair(found) ? startOf(found.key) : startOf(found)) ?? offset;
  }
  return lineOf(parsed.content, offset);
}

/** 1-based. Counted only where something is found, which is next to never. */
export function lineOf(content: string, offset: number): number {
  return content.slice(0, offset).split("\n").length;
}

function childOf(node: unknown, step: string | number): unknown {
  if (isMap(node))
    return node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
  if (isSeq(node)) return node.items[Number(step)];
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
