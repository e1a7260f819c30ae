/** Rows of text in columns that are as wide as they need to be. The last column is not padded. */
export function table(rows: string[][], indent = ""): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, visible(cell))),
    [],
  );
  return rows.map((row) =>
    (
      indent + row.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - visible(cell))).join("  ")
    ).trimEnd(),
  );
}

/** Length on the screen: colour codes take no room. */
export function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one.
  return text.replace(/\u001b\[[0-9;]*m/g, "").length;
}
