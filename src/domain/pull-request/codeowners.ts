/**
 * CODEOWNERS as GitHub reads it: patterns as in .gitignore, without negation and character ranges; the last
 * line that fits a file counts, and one without owners takes them away.
 */

/** Where it is looked for; the first that is there counts. */
export const codeownersPlaces = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

export interface OwnerRule {
  pattern: RegExp;
  owners: string[];
}

/** Lines that are not understood are passed over, as there. */
export function parseCodeowners(text: string): OwnerRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern = "", ...owners] = wordsOf(line);
    if (pattern === "" || pattern.startsWith("!") || /[[\]]/.test(pattern)) return [];
    if (owners.some((owner) => !isOwner(owner))) return [];
    return [{ pattern: patternOf(pattern), owners }];
  });
}

export function ownersOf(rules: readonly OwnerRule[], path: string): string[] {
  return rules.findLast(({ pattern }) => pattern.test(path))?.owners ?? [];
}

/** Words up to a comment; a space that belongs to a path stands behind a backslash. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  return (comment < 0 ? words : words.slice(0, comment)).map((word) => word.replace(/\\(.)/g, "$1"));
}

function isOwner(word: string): boolean {
  return /^@[\w.-]+(\/[\w.-]+)?$/.test(word) || /^[^\s@]+@[^\s@]+$/.test(word);
}

function patternOf(pattern: string): RegExp {
  const folderOnly = pattern.endsWith("/");
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  const anchored = pattern.startsWith("/") || body.includes("/");
  const start = anchored ? "" : "(?:.*/)?";
  // `docs/*` means what lies directly in it; a name also means everything below a folder of that name.
  const end = folderOnly ? "/.+" : body.endsWith("/*") ? "" : "(?:/.+)?";
  return new RegExp(`^${start}${translate(body)}${end}$`, "s");
}

function translate(body: string): string {
  return body
    .split(/(\/\*\*\/|^\*\*\/|\/\*\*$|\*+|\?)/)
    .map((part) => {
      if (part === "/**/") return "/(?:.*/)?";
      if (part === "**/") return "(?:.*/)?";
      if (part === "/**") return "/.*";
      if (part === "?") return "[^/]";
      if (/^\*+$/.test(part)) return "[^/]*";
      return part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
    })
    .join("");
}
