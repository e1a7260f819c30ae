/** Patterns of artifacts' paths, as `**` + `/RolloutPlan.yaml` says it: checked before they are kept, and run by the database. */
import picomatch from "picomatch";

/** No groups and repetitions: what is left costs the same for every path. */
const options = { noextglob: true, nonegate: true, dot: true, strictBrackets: true } as const;
const roots = ["memory", "history", "compliance"];
const longest = 200;

/** Why no artifact's path will ever fit; undefined: one may. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === "" || pattern.length > longest)
    return `expected 1 to ${longest} characters, such as **/RolloutPlan.yaml`;
  if (/[\p{Cc}\\()|+@]/u.test(pattern))
    return "expected *, **, ?, [abc] and {a,b} alone: no control character, and none of \\ ( ) | + @";
  if (/\{[^}]*\.\.[^}]*\}/.test(pattern)) return "expected no range in braces: write what is meant, {a,b}";
  const parts = pattern.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "no path of an artifact begins or ends with /, or has . or .. in it";
  if (parts.length === 1 && pattern !== "**")
    return `a path has folders, so nothing fits: write **/${pattern}`;
  const [first = ""] = parts;
  if (!picomatch.scan(first).isGlob && !roots.includes(first))
    return `no path of an artifact begins with ${first}/: they begin with ${roots.join("/, ")}/`;
  return compiled(pattern) === undefined ? "its brackets or braces are not closed" : undefined;
}

/** A regular expression of the part of the language that JavaScript and PostgreSQL read alike. */
export function regularExpression(pattern: string): string {
  const found = compiled(pattern);
  if (found === undefined) throw new Error(`${pattern} was not checked`);
  return found;
}

function compiled(pattern: string): string | undefined {
  try {
    const { source } = picomatch.makeRe(pattern, options);
    // What cannot be read is made one that fits nothing.
    return source === "$^" ? undefined : source;
  } catch {
    return undefined;
  }
}
