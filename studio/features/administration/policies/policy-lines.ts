/** A policy as lines of key and value; what was declared stands first. */
export interface PolicyLine {
  key: string;
  value: string;
  /** Absent: nobody declared it, it is the default. */
  source?: string | undefined;
}

export function linesOf(policy: object, sources: Record<string, string>): PolicyLine[] {
  const lines = flat(policy, "").map(({ key, value }) => ({ key, value, source: sourceOf(key, sources) }));
  const order = (line: PolicyLine) => (line.source === undefined ? 1 : 0);
  return lines.toSorted((a, b) => order(a) - order(b));
}

function flat(value: object, prefix: string): { key: string; value: string }[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    if (isBranch(inner)) return flat(inner, key);
    return [{ key, value: text(inner) }];
  });
}

function isBranch(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ") || "–";
  // A list of parts has a line for each.
  if (Array.isArray(value) && value.every(isBranch)) return value.map(inWords).join("\n");
  return JSON.stringify(value);
}

/** `roles: SecurityReviewer, ReleaseManager; count: 1` */
function inWords(value: object): string {
  return flat(value, "")
    .map((line) => `${line.key}: ${line.value}`)
    .join("; ");
}

/** A part that was declared as a whole says where for everything in it. */
function sourceOf(key: string, sources: Record<string, string>): string | undefined {
  const parts = key.split(".");
  for (let length = parts.length; length > 0; length--) {
    const found = sources[parts.slice(0, length).join(".")];
    if (found !== undefined) return found;
  }
  return undefined;
}
