/**
 * A generated YAML file: the same value has the same bytes. Its head says where it comes from; comments, blank lines
 * and marked places for people stand where the value says so. Written by hand, as a library's document model costs
 * most of what generating a thousand modules takes.
 */
import { generatedBy } from "./generated-mark.ts";
import type { RenderedFile } from "./pipeline-model.ts";
import { blockText, isBlock, keyText, scalarText } from "./yaml-scalar.ts";

export function yamlFile(
  made: { moduleId: string },
  path: string,
  value: object,
  /** What a reader must know first, a line each; follows the mark. */
  { head = [] }: { head?: string[] } = {},
): RenderedFile {
  const comment = head.length === 0 ? [generatedBy(made)] : [generatedBy(made), "", ...head];
  const lines = [...comment.map((line) => `# ${line}`.trimEnd()), "", ...mapping(value, topLevel, "")];
  return { path, content: `${lines.join("\n")}\n` };
}

/** The value with a comment in the lines above it. */
export function commented(comment: string, value: unknown): unknown {
  return new Commented(comment, value);
}

/** The text with a remark behind it, such as the version that a digest stands for. */
export function remarked(text: string, remark: string): unknown {
  return new Remarked(text, remark);
}

/** A marked place among the entries of a mapping: `...keptEntries("jobs")`. */
export function keptEntries(name: string): Record<string, unknown> {
  return { [`connectsoft:keep ${name}`]: new KeptRegion(name) };
}

/** A marked place among the items of a list. */
export function keptItems(name: string): unknown {
  return new KeptRegion(name);
}

class Commented {
  readonly comment: string;
  readonly value: unknown;
  constructor(comment: string, value: unknown) {
    this.comment = comment;
    this.value = value;
  }
}

class Remarked {
  readonly text: string;
  readonly remark: string;
  constructor(text: string, remark: string) {
    this.text = text;
    this.remark = remark;
  }
}

class KeptRegion {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const topLevel = "\0";
const step = "  ";

/** Lists and mappings whose items are set apart by blank lines. */
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

function mapping(value: object, own: string, pad: string): string[] {
  const lines: string[] = [];
  for (const [name, wrapped] of Object.entries(value)) {
    if (wrapped === undefined) continue;
    const inner = wrapped instanceof Commented ? wrapped.value : wrapped;
    const isApart = isSpacious(own) && (isCollection(inner) || wrapped !== inner);
    if (inner instanceof KeptRegion) {
      lines.push(...region(inner, pad, isSpacious(own) && lines.length > 0));
      continue;
    }
    if (isApart && lines.length > 0) lines.push("");
    if (wrapped instanceof Commented) lines.push(...comment(wrapped, pad));
    lines.push(...entry(`${pad}${keyText(name)}:`, inner, { name, pad }));
  }
  return lines;
}

function sequence(values: unknown[], own: string, pad: string): string[] {
  const lines: string[] = [];
  for (const wrapped of values) {
    const inner = wrapped instanceof Commented ? wrapped.value : wrapped;
    if (inner instanceof KeptRegion) {
      lines.push(...region(inner, pad, isSpacious(own) && lines.length > 0));
      continue;
    }
    if (isSpacious(own) && isCollection(inner) && lines.length > 0) lines.push("");
    if (wrapped instanceof Commented) lines.push(...comment(wrapped, pad));
    lines.push(...item(inner, pad));
  }
  return lines;
}

function entry(start: string, value: unknown, { name, pad }: { name: string; pad: string }): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${start} []`];
    const isLine = inline.has(name) && value.every((each) => !isCollection(each));
    if (isLine) return [`${start} [${value.map((each) => scalarText(each, true)).join(", ")}]`];
    return [start, ...sequence(value, name, pad + step)];
  }
  if (isCollection(value)) {
    const lines = mapping(value, name, pad + step);
    return lines.length === 0 ? [`${start} {}`] : [start, ...lines];
  }
  return scalar(start, value, pad + step);
}

/** The first entry of a mapping stands behind the dash. */
function item(value: unknown, pad: string): string[] {
  if (!isCollection(value)) return scalar(`${pad}-`, value, pad + step);
  const lines = Array.isArray(value) ? sequence(value, "", pad + step) : mapping(value, "", pad + step);
  const [first, ...rest] = lines;
  if (first === undefined) return [`${pad}- ${Array.isArray(value) ? "[]" : "{}"}`];
  return [`${pad}- ${first.slice(pad.length + step.length)}`, ...rest];
}

function scalar(start: string, value: unknown, pad: string): string[] {
  if (value instanceof Remarked) return [`${start} ${scalarText(value.text)} # ${value.remark}`];
  if (value === null) return [start];
  if (isBlock(value)) return [`${start} |`, ...blockText(value, pad)];
  return [`${start} ${scalarText(value)}`];
}

/** Set apart from what is around it, where the items around it are. */
function region({ name }: KeptRegion, pad: string, isApart: boolean): string[] {
  const marks = [`${pad}# connectsoft:keep ${name}`, `${pad}# connectsoft:end ${name}`];
  return isApart ? ["", ...marks] : marks;
}

function comment({ comment: text }: Commented, pad: string): string[] {
  return text.split("\n").map((line) => `${pad}# ${line}`.trimEnd());
}

/** What is put in by a condition stands among the items around it. */
function isSpacious(own: string): boolean {
  return spacious.has(own) || own.startsWith("$".concat("{{ if "));
}

function isCollection(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Remarked);
}
