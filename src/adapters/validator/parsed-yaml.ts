/** A file's YAML with the line of every value. Parsed once for all validators that are shown the same file. */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { RenderedFile } from "../../domain/pipeline/pipeline-model.ts";

export interface ParsedYaml {
  document: Document;
  value: unknown;
  content: string;
}

const parsedFiles = new WeakMap<RenderedFile, ParsedYaml>();

export function parsedYaml(file: RenderedFile): ParsedYaml {
  const known = parsedFiles.get(file);
  if (known !== undefined) return known;
  const document = parseDocument(file.content, { strict: true, uniqueKeys: true, prettyErrors: false });
  const value: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  const parsed = { document, value, content: file.content };
  parsedFiles.set(file, parsed);
  return parsed;
}

/** The line on which the entry or item of that path begins; where there is none, that of the nearest above it. */
export function lineAt({ document, content }: ParsedYaml, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = startOf(document.contents) ?? 0;
  for (const step of path) {
    const found = childOf(node, step);
    if (found === undefined) break;
    node = isPair(found) ? found.value : found;
    offset = (isPair(found) ? startOf(found.key) : startOf(found)) ?? offset;
  }
  return lineOf(content, offset);
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
