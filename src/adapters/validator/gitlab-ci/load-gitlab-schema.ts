/**
 * The JSON schema that GitLab publishes for its pipelines, as GitLab's emulator carries it. It has no file of its own there: it is one
 * object literal in the program, which is read as data and never run.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Expression, parseSync } from "oxc-parser";

const beginning =
  '{$schema:"http://json-schema.org/draft-07/schema#",$id:"https://gitlab.com/.gitlab-ci.yml"';

export function loadGitlabSchema(): object {
  const program = readFileSync(createRequire(import.meta.url).resolve("gitlab-ci-local"), "utf8");
  const start = program.indexOf(beginning);
  if (start === -1)
    throw new Error("gitlab-ci-local carries no schema where it used to; look how its new version does");
  const text = program.slice(start, endOfObject(program, start));
  const { program: parsed, errors } = parseSync("schema.js", `(${text})`);
  const [statement] = parsed.body;
  if (errors.length > 0 || statement?.type !== "ExpressionStatement")
    throw new Error("the schema in gitlab-ci-local is no literal any more");
  return literalOf(statement.expression) as object;
}

/** Behind the bracket that closes the one at `start`; brackets in texts do not count. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (sign === '"' || sign === "'" || sign === "`") at = endOfText(text, at);
    else if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === text[start]) return at;
  }
  return text.length;
}

function literalOf(node: Expression): unknown {
  switch (node.type) {
    case "ParenthesizedExpression":
      return literalOf(node.expression);
    case "Literal":
      return node.value;
    case "TemplateLiteral":
      return node.quasis.map(({ value }) => value.cooked).join("");
    case "UnaryExpression":
      return node.operator === "!" ? !literalOf(node.argument) : -Number(literalOf(node.argument));
    case "ArrayExpression":
      return node.elements.map((item) => literalOf(item as Expression));
    case "ObjectExpression":
      return Object.fromEntries(node.properties.map(entryOf));
    default:
      throw new Error(`a ${node.type} is no data`);
  }
}

function entryOf(property: { type: string; key?: unknown; value?: unknown }): [string, unknown] {
  const key = property.key as { name?: string; value?: unknown };
  return [key.name ?? String(key.value), literalOf(property.value as Expression)];
}
