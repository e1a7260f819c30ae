/** Scalars of one line as YAML's core schema reads them, as far as they need no second thought. */

/** Undefined where something is unusual about it: left to the full parser. */
export function plainScalar(text: string): string | number | boolean | null | undefined {
  if (indicators.test(text)) return undefined;
  switch (text) {
    case "null":
    case "~":
      return null;
    case "true":
      return true;
    case "false":
      return false;
    default:
      if (/^(null|true|false)$/i.test(text)) return undefined;
      if (!/^[-+.\d]/.test(text)) return text;
      return /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(text) ? Number(text) : surelyText(text);
  }
}

/** What cannot begin a plain text, stand in it or end it. */
const indicators = /^$|^[\s,[\]{}#&*!|>'"%@`]|^[-?:](\s|$)|:(\s|$)|\s#|\s$/;

/** It begins as a number does, and holds what no number has, or no digit. */
function surelyText(text: string): string | undefined {
  const isText = /[^-+.:\w]|[g-hj-mp-wzG-HJ-MP-WZ]/.test(text) || !/\d|inf|nan/i.test(text);
  return isText ? text : undefined;
}

/** The text within quotes that hold all of it; undefined where there are none, or escapes that JSON does not have. */
export function quotedText(text: string): string | undefined {
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (!/^"(?:[^"\\]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"$/.test(text)) return undefined;
  return JSON.parse(text) as string;
}

/** `[a, "b"]`; undefined for what is no list, or holds more than scalars. */
export function flowList(text: string): unknown[] | undefined {
  if (text === "[]") return [];
  if (!listText.test(text)) return undefined;
  const items = [...text.slice(1, -1).matchAll(itemText)].map(
    ([item]) => quotedText(item) ?? plainScalar(item),
  );
  return items.includes(undefined) ? undefined : items;
}

const item = `(?:"(?:[^"\\\\]|\\\\.)*"|'(?:[^']|'')*'|[^\\s,"'[\\]{}:?-][^,"'[\\]{}]*)`;
const itemText = new RegExp(item, "g");
const listText = new RegExp(`^\\[${item}(?:, *${item})*\\]$`);

/** A remark begins with # behind a space, outside of quotes. */
export function withoutComment(text: string): string {
  if (!text.includes("#")) return text.trimEnd();
  const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?: +#.*)?$/.exec(text)?.[1];
  return quoted ?? text.replace(/(^| +)#.*$/, "");
}
