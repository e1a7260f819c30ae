/** The form of Yarn 1: nested by two spaces, a key and a value a line, either of them quoted where it must be. */

export interface YarnBlock {
  [key: string]: string | YarnBlock;
}

/** Throws on a line that is not of this form. */
export function parseYarnClassic(text: string): YarnBlock {
  const root: YarnBlock = {};
  const blocks = [root];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const depth = (line.length - line.trimStart().length) / 2;
    const block = blocks[depth];
    if (block === undefined) throw new Error(`line ${index + 1} is nested deeper than what it belongs to`);
    const content = line.trim();
    if (content.endsWith(":")) {
      const inner: YarnBlock = {};
      block[keysIn(content.slice(0, -1))] = inner;
      blocks.length = depth + 1;
      blocks.push(inner);
      continue;
    }
    const [, key, value] = /^("(?:[^"\\]|\\.)*"|\S+)\s+(.+)$/.exec(content) ?? [];
    if (key === undefined || value === undefined)
      throw new Error(`line ${index + 1} is not a key and a value`);
    block[unquoted(key)] = unquoted(value);
  }
  return root;
}

/** `"@a/b@^1", c@^2` as `@a/b@^1, c@^2`. */
function keysIn(text: string): string {
  return text
    .split(/,\s*(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map(unquoted)
    .join(", ");
}

function unquoted(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
