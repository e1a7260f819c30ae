/** A text with git's conflict markers, with one side of each conflict. */
export function sideOf(marked: string, side: "ours" | "theirs"): string {
  let inside: "ours" | "base" | "theirs" | undefined;
  const kept: string[] = [];
  for (const line of marked.split(/(?<=\n)/)) {
    if (inside === undefined && /^<{7} /.test(line)) inside = "ours";
    else if (inside === "ours" && /^\|{7} /.test(line)) inside = "base";
    else if ((inside === "ours" || inside === "base") && /^={7}\r?$/m.test(line)) inside = "theirs";
    else if (inside === "theirs" && /^>{7} /.test(line)) inside = undefined;
    else if (inside === undefined || inside === side) kept.push(line);
  }
  return kept.join("");
}
