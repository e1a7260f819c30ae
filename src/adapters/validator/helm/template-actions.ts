/** The `{{ }}` actions of a template, with comments and quoted text understood. */

export interface Action {
  /** `if`, `end`, `include`; empty where the action begins with something else. */
  keyword: string;
  text: string;
  line: number;
}

export function actionsOf(content: string): { actions: Action[] } | { unclosedAt: number } {
  const actions: Action[] = [];
  let line = 1;
  let counted = 0;
  for (let at = content.indexOf("{{"); at !== -1; ) {
    line += newlines(content, counted, at);
    counted = at;
    const end = endOf(content, at + 2);
    if (end === undefined) return { unclosedAt: line };
    const text = content
      .slice(at + 2, end)
      .replace(/^-\s/, "")
      .replace(/\s-$/, "")
      .trim();
    if (!text.startsWith("/*")) actions.push({ keyword: /^[a-z]+/.exec(text)?.[0] ?? "", text, line });
    at = content.indexOf("{{", end + 2);
  }
  return { actions };
}

/** Where the action that begins here is closed; braces in quotes or comments close nothing. */
function endOf(content: string, from: number): number | undefined {
  const comment = /^-?\s*\/\*/.exec(content.slice(from, from + 8));
  if (comment !== null) {
    const closing = content.indexOf("*/", from);
    const end = closing === -1 ? -1 : content.indexOf("}}", closing);
    return end === -1 ? undefined : end;
  }
  const parts = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}\}|\{\{/g;
  parts.lastIndex = from;
  for (let part = parts.exec(content); part !== null; part = parts.exec(content)) {
    if (part[0] === "}}") return part.index;
    if (part[0] === "{{") return undefined;
  }
  return undefined;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
