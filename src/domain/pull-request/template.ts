/** The text of a pull request: a tenant's own template or ours, filled with parts, never longer than a forge takes. */

export const placeholders = [
  "summary",
  "changelog",
  "changes",
  "files",
  "tests",
  "sbom",
  "risk",
  "trace",
  "module",
  "version",
  "traceId",
  "sponsor",
  "environments",
] as const;
export type Placeholder = (typeof placeholders)[number];

export const builtInTemplate = `{{summary}}

## Changelog

{{changelog}}

## Changes

{{changes}}

{{files}}

## Tests

{{tests}}

## Components

{{sbom}}

## Worth a look

{{risk}}

## Trace

{{trace}}
`;

const form = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Names in double braces that stand for nothing. */
export function unknownPlaceholders(template: string): string[] {
  const known: readonly string[] = placeholders;
  return [...template.matchAll(form)].map(([, name = ""]) => name).filter((name) => !known.includes(name));
}

/** A heading whose part is empty is left out with it. */
export function fill(template: string, parts: Record<Placeholder, string>): string {
  const isPart = (name: string): name is Placeholder => Object.hasOwn(parts, name);
  const without = template.replace(/^#+ [^\n]*\n+\{\{\s*(\w+)\s*\}\}\n*/gm, (section, name: string) =>
    isPart(name) && parts[name] === "" ? "" : section,
  );
  const filled = without.replace(form, (whole, name: string) => (isPart(name) ? parts[name] : whole));
  return `${filled.replace(/\n{3,}/g, "\n\n").trim()}\n`;
}

/** GitHub takes so many characters, the others take more. */
export const longestBody = 65_536;
const cutText = "\n\n... cut here: the whole of it is in the repository.\n";

export function bounded(text: string, most = longestBody): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - cutText.length);
  return kept.slice(0, Math.max(kept.lastIndexOf("\n"), 0)) + cutText;
}

const block = (moduleId: string) => ({
  start: `<!-- connectsoft:module=${moduleId} -->`,
  end: `<!-- connectsoft:end=${moduleId} -->`,
});
const blockForm = /<!-- connectsoft:module=([a-z0-9-]+) -->\n([\s\S]*?)\n<!-- connectsoft:end=\1 -->/g;
const longestBlock = 16_000;

/** The body of a pull request that several modules share, with one module's part replaced or added. */
export function withModule(body: string, moduleId: string, text: string): string {
  const blocks = new Map([...body.matchAll(blockForm)].map(([, id = "", inside = ""]) => [id, inside]));
  blocks.set(moduleId, bounded(text.trim(), longestBlock));
  let joined = "";
  let left = blocks.size;
  for (const [id, inside] of [...blocks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { start, end } = block(id);
    const next = `${start}\n${inside}\n${end}\n\n`;
    if (joined.length + next.length > longestBody - 100) return `${joined}and ${left} more modules\n`;
    joined += next;
    left -= 1;
  }
  return joined;
}

/** Whether a module's part stands in it, word for word. */
export function holdsModule(body: string, moduleId: string, text: string): boolean {
  const { start, end } = block(moduleId);
  return body.includes(`${start}\n${bounded(text.trim(), longestBlock)}\n${end}`);
}
