/** Text of others inside our Markdown: it is shown as it is, and does nothing. */

/** A file name, a module, a version: anything that is a name and no sentence. */
export function code(text: string): string {
  const line = oneLine(text).replaceAll("<!--", "<!\u200b--");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The same inside a table, where a bar would begin the next cell. */
export function cell(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** A sentence, such as the subject of a commit; nobody is called by an @ in it. */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~!]/g, "\\$&")
    .replaceAll("@", "@\u200b");
}

/** Control characters and marks that turn the direction of text are dropped. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
}
