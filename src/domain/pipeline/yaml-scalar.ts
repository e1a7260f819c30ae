/**
 * Texts, numbers and the rest as YAML writes them. Plain wherever every reader takes a plain text for the same text; what an
 * older reader would take for a number or a truth value is quoted.
 */

/** A text of several lines, as people write it: behind `|`. */
export function isBlock(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.trimEnd().includes("\n") &&
    !/^\s|[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]|[^\n]\s+$/.test(value)
  );
}

/** The lines of a block; it ends as a file does. */
export function blockText(text: string, pad: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : pad + line));
}

/** `on` is a word of GitHub, which reads it as a text. */
export function keyText(name: string): string {
  return isPlain(name) && (name === "on" || !isOtherType(name)) ? name : quoted(name);
}

export function scalarText(value: unknown, isInLine = false): string {
  if (typeof value !== "string") return String(value);
  const canStay = isPlain(value) && !isOtherType(value) && !(isInLine && /[,[\]{}]/.test(value));
  return canStay ? value : quoted(value);
}

function isPlain(text: string): boolean {
  return !/^$|^[-?:,[\]{}#&*!|>'"%@`\s]|\s$|:(\s|$)|\s#|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/.test(text);
}

function isOtherType(text: string): boolean {
  return (
    /^(y|yes|n|no|on|off|true|false|null|~)$/i.test(text) ||
    /^[-+]?\.?(\d|e[-+]?\d)[\w.:+-]*$/i.test(text) ||
    /^[-+]?\.[\d_]*(e[-+]?\d+)?$/i.test(text) ||
    /^[-+]?\.(inf|nan)$/i.test(text) ||
    text === "<<" ||
    text === "="
  );
}

/** Single quotes only where double ones would have to be escaped. */
function quoted(text: string): string {
  const isSimple = /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text);
  if (isSimple && /["\\]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replaceAll(/[\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]/g, escaped);
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
