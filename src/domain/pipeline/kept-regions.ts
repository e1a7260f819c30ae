/**
 * Places in a generated file that belong to people: between `# connectsoft:keep <name>` and
 * `# connectsoft:end <name>`. Whatever stands there survives when the file is generated again. The comment
 * sign in front may be any (`#`, `//`, `<!--`); the names are unique in a file.
 */
const opening = /connectsoft:keep ([a-z0-9-]+)/;
const closing = /connectsoft:end ([a-z0-9-]+)/;

interface Region {
  name: string;
  /** Index of the opening line, and of the closing line. */
  from: number;
  to: number;
}

/** The generated text with what people wrote into the current file's regions of the same names. */
export function carryOverRegions(generated: string, current: string): string {
  const lines = generated.split("\n");
  const currentLines = current.split("\n");
  const written = new Map(
    regionsOf(currentLines).map(({ name, from, to }) => [name, currentLines.slice(from + 1, to)]),
  );
  const regions = regionsOf(lines).toSorted((a, b) => b.from - a.from);
  for (const { name, from, to } of regions) {
    const body = written.get(name);
    if (body !== undefined) lines.splice(from + 1, to - from - 1, ...body);
  }
  return lines.join("\n");
}

/** A region without an end, or one that ends under another name, is none: nothing is lost by guessing. */
function regionsOf(lines: string[]): Region[] {
  const regions: Region[] = [];
  let open: { name: string; from: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const begins = opening.exec(line)?.[1];
    const ends = closing.exec(line)?.[1];
    if (begins !== undefined) open = { name: begins, from: index };
    if (ends === undefined) continue;
    if (open?.name === ends) regions.push({ ...open, to: index });
    open = undefined;
  }
  return regions;
}
