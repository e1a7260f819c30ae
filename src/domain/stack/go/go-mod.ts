/** go.mod, as far as a delivery looks into it. */
import { brokenFile } from "../broken-file.ts";

export interface GoModule {
  /** `github.com/acme/booking/v2`. */
  path: string;
  /** Of the `go` line, such as 1.24 or 1.24.3. */
  go: string | undefined;
  requires: string[];
}

const next = "Correct go.mod; `go mod edit -json` shows how Go reads it.";
const words = new Set([
  "module",
  "go",
  "toolchain",
  "godebug",
  "require",
  "exclude",
  "replace",
  "retract",
  "tool",
  "ignore",
]);

/** Refuses with ModuleInvalid, `go.mod:<line>`, what Go would not read. */
export function readGoMod(text: string): GoModule {
  let path: string | undefined;
  let go: string | undefined;
  const requires: string[] = [];
  let block: { word: string; line: number } | undefined;
  for (const [at, written] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = at + 1;
    const [first = "", ...rest] = written
      .replace(/\/\/.*$/, "")
      .trim()
      .split(/\s+/);
    if (first === "") continue;
    if (first === ")" && block !== undefined) {
      block = undefined;
      continue;
    }
    const word: string = block?.word ?? first;
    if (!words.has(word))
      throw brokenFile({ path: "go.mod", line }, `${JSON.stringify(first)} is no directive of go.mod`, next);
    const values = block === undefined ? rest : [first, ...rest];
    if (block === undefined && rest[0] === "(") {
      block = { word, line };
      continue;
    }
    const [value] = values;
    if (value === undefined) throw brokenFile({ path: "go.mod", line }, `${word} says nothing`, next);
    if (word === "module") path = unquoted(value);
    if (word === "go") go = goVersion(value, line);
    if (word === "require") requires.push(unquoted(value));
  }
  if (block !== undefined)
    throw brokenFile(
      { path: "go.mod", line: block.line },
      `the block of ${block.word} is never closed`,
      next,
    );
  if (path === undefined)
    throw brokenFile(
      { path: "go.mod" },
      "it names no module; expected a line such as module example.com/booking",
      next,
    );
  return { path, go, requires };
}

function goVersion(value: string, line: number): string {
  if (/^\d+\.\d+(\.\d+)?([a-z]+\d+)?$/.test(value)) return value;
  throw brokenFile(
    { path: "go.mod", line },
    `go ${JSON.stringify(value)} is no version of Go; expected one such as 1.25`,
    next,
  );
}

function unquoted(value: string): string {
  return value.replace(/^(["`])(.*)\1$/, "$2");
}
