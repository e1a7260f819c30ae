const longestWords = 300;

/** The last line that it wrote, to stand behind a sentence: mostly it is the one that says why. */
export function lastWords(logTail = ""): string {
  const line = logTail.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : `; its last line: ${line.slice(0, longestWords)}`;
}
