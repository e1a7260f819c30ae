/** Expressions, where Azure Pipelines reads them: closed, of functions and contexts that exist, with parameters that are declared. */
import { contexts, functions } from "./azure-keys.ts";
import type { AzurePath, AzureReport } from "./azure-report.ts";

export function checkExpressions(value: unknown, path: AzurePath, report: AzureReport): void {
  const declared = parameterNames(value);
  visit(value, path, (text, at) => {
    for (const expression of expressionsIn(text, at)) checkExpression(expression, at, { declared, report });
    if (text.split("$".concat("{{")).length !== text.split("}}").length && text.includes("$".concat("{{")))
      report.add("expression", at, {
        message: "an expression is not closed",
        suggestion: "Write as many }} as there are openings.",
      });
  });
}

function visit(value: unknown, path: AzurePath, look: (text: string, at: AzurePath) => void): void {
  if (typeof value === "string") look(value, path);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (!Array.isArray(value)) look(key, at);
    visit(inner, at, look);
  }
}

function expressionsIn(text: string, at: AzurePath): string[] {
  const compiled = [...text.matchAll(/\$\{\{\s*(?:if|elseif|each \w+ in)?\s*(.*?)\s*\}\}/g)].map(
    ([, inner = ""]) => inner,
  );
  const whole = /^\$\[(.*)\]$/.exec(text);
  if (whole !== null) compiled.push(whole[1] ?? "");
  if (at.at(-1) === "condition" && !text.includes("$".concat("{{"))) compiled.push(text);
  return compiled;
}

function checkExpression(
  expression: string,
  at: AzurePath,
  { declared, report }: { declared: Set<string> | undefined; report: AzureReport },
): void {
  const code = expression.replaceAll(/'(?:[^']|'')*'/g, "''");
  const add = (message: string, suggestion: string) => report.add("expression", at, { message, suggestion });
  if (code.split("(").length !== code.split(")").length)
    add(`brackets of ${expression} do not match`, "Close every bracket that is opened.");
  for (const [, name = ""] of code.matchAll(/([A-Za-z]\w*)\s*\(/g))
    if (!functions.has(name.toLowerCase()))
      add(
        `there is no function ${name}`,
        "Use a function of Azure Pipelines' expressions, such as eq or succeeded.",
      );
  for (const [, name = ""] of code.matchAll(/(?<![.\w])([A-Za-z]\w*)(?=[.[])/g))
    if (!contexts.has(name.toLowerCase()) && !isLoopVariable(name, expression))
      add(`there is no context ${name}`, `Use one of: ${[...contexts].join(", ")}.`);
  for (const [, name = ""] of code.matchAll(/parameters\.(\w+)/g))
    if (declared !== undefined && !declared.has(name))
      add(`there is no parameter ${name}`, "Declare it under parameters, or use one that is declared.");
}

function isLoopVariable(name: string, expression: string): boolean {
  return /^(item|each|value|key)$/i.test(name) && expression.includes(name);
}

function parameterNames(value: unknown): Set<string> | undefined {
  const parameters = (value as { parameters?: unknown } | null | undefined)?.parameters;
  if (!Array.isArray(parameters)) return new Set();
  return new Set(parameters.map((parameter: { name?: unknown }) => String(parameter.name)));
}
