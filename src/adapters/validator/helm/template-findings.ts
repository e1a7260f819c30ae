/** Templates as far as they can be judged without rendering: blocks that close, names and values that are there. */
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding } from "../../../ports/file-validator.ts";
import type { ValuesSchema } from "./schemas.ts";
import { type Action, actionsOf } from "./template-actions.ts";

type Problem = Omit<FileFinding, "path" | "severity">;

export function templateFindings(
  file: RenderedFile,
  helpers: readonly RenderedFile[],
  schema: ValuesSchema | undefined,
): FileFinding[] {
  const read = actionsOf(file.content);
  if ("unclosedAt" in read) return [found(file, unclosedAction(read.unclosedAt))];
  const defined = new Set([file, ...helpers].flatMap(definitions));
  const problems = [
    ...openBlocks(read.actions),
    ...read.actions.flatMap((action) => unknownTemplates(action, defined)),
    ...(schema === undefined ? [] : read.actions.flatMap((action) => unknownValues(action, schema))),
  ];
  return problems.map((problem) => found(file, problem));
}

function found({ path }: RenderedFile, problem: Problem): FileFinding {
  return { path, severity: "error", ...problem };
}

function unclosedAction(line: number): Problem {
  return {
    line,
    rule: "helm-template/unclosed-action",
    message: "an action is opened with {{ and never closed",
    suggestion: "Close it with }}.",
  };
}

const openers = new Set(["if", "with", "range", "define", "block"]);

function openBlocks(actions: Action[]): Problem[] {
  const open: Action[] = [];
  const problems: Problem[] = [];
  for (const action of actions) {
    if (openers.has(action.keyword)) open.push(action);
    else if (action.keyword === "else" && open.length === 0) problems.push(stray(action));
    else if (action.keyword === "end" && open.pop() === undefined) problems.push(stray(action));
  }
  const unclosed = open.map(({ keyword, line }) => ({
    line,
    rule: "helm-template/unclosed-block",
    message: `${keyword} has no end`,
    suggestion: "Close the block with {{- end }}.",
  }));
  return [...problems, ...unclosed];
}

function stray({ keyword, line }: Action): Problem {
  return {
    line,
    rule: "helm-template/stray-end",
    message: `${keyword} closes no block`,
    suggestion: `Remove it, or open a block above it.`,
  };
}

const definedIn = new WeakMap<RenderedFile, string[]>();

function definitions(file: RenderedFile): string[] {
  const known = definedIn.get(file);
  if (known !== undefined) return known;
  const names = [...file.content.matchAll(/\{\{-?\s*(?:define|block)\s+"([^"]+)"/g)].flatMap(
    ([, name]) => name ?? [],
  );
  definedIn.set(file, names);
  return names;
}

function unknownTemplates({ text, line }: Action, defined: ReadonlySet<string>): Problem[] {
  const named = [...text.matchAll(/\b(?:include|template)\s+"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
  return named
    .filter((name) => !defined.has(name))
    .map((name) => ({
      line,
      rule: "helm-template/unknown-template",
      message: `no template is called ${name}`,
      suggestion: `Define it in _helpers.tpl, or correct the name: ${[...defined].join(", ") || "none is defined"}.`,
    }));
}

function unknownValues({ text, line }: Action, schema: ValuesSchema): Problem[] {
  return [...text.matchAll(/(?<![\w.])\$?\.Values((?:\.\w+)+)/g)]
    .map(([, path = ""]) => path.slice(1).split("."))
    .filter((path) => !isKnown(path, schema))
    .map((path) => ({
      line,
      rule: "helm-template/unknown-value",
      message: `no value is called ${path.join(".")}`,
      suggestion: "Add it to values.schema.json and values.yaml, or correct the name.",
    }));
}

/** A schema that is open below some point says nothing about what is there. */
function isKnown([name, ...rest]: string[], schema: ValuesSchema): boolean {
  if (name === undefined || schema.additionalProperties !== false) return true;
  const inner = schema.properties?.[name];
  return inner !== undefined && isKnown(rest, inner);
}
