/** Names with `*` for any run of characters within one part; in paths `**` is any run across parts. */

export function fitsName(pattern: string, name: string): boolean {
  return expressionOf(pattern, { across: false }).test(name);
}

export function fitsPath(pattern: string, path: string): boolean {
  return expressionOf(pattern, { across: true }).test(path);
}

function expressionOf(pattern: string, { across }: { across: boolean }): RegExp {
  const parts = pattern.split(/(\*+)/);
  const form = parts.map((part) => {
    if (!part.startsWith("*")) return part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
    return across && part.length > 1 ? ".*" : "[^/]*";
  });
  return new RegExp(`^${form.join("")}$`, "s");
}
