/** Bicep without what stands in comments and strings, line for line, and what is wrong with strings and brackets. */
export function bareText(content: string): { text: string; problems: { line: number; message: string }[] } {
  const problems: { line: number; message: string }[] = [];
  const open: { mark: string; line: number }[] = [];
  const pairs: Record<string, string> = { "}": "{", "]": "[", ")": "(" };
  let line = 1;
  const text = content.replaceAll(token, (found) => {
    const at = line;
    line += found.split("\n").length - 1;
    if (found === "'") problems.push({ line: at, message: "a string is not closed" });
    if ("{[(".includes(found)) open.push({ mark: found, line: at });
    const wanted = pairs[found];
    if (wanted !== undefined && open.pop()?.mark !== wanted)
      problems.push({ line: at, message: `${found} closes nothing that is open` });
    return /^['/]/.test(found) ? found.replaceAll(/[^\n]/g, " ") : found;
  });
  const [left] = open;
  if (left !== undefined) problems.push({ line: left.line, message: `${left.mark} is not closed` });
  return { text, problems };
}

/** Strings of several lines, of one line, comments, brackets and ends of lines; a quote alone begins no string. */
const token = /'''[\s\S]*?'''|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}[\]()]|'|\n/g;
