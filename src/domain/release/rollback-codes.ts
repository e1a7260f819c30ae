/** Why a person takes a release back, as the record sorts it. */
export const rollbackCodes = [
  "regression",
  "crash-loop",
  "probe-failure",
  "latency",
  "errors",
  "configuration",
  "security",
  "data",
  "other",
] as const;

/** ` (latency)`; what is not sorted needs no word. */
export function codeInBrackets(code: unknown): string {
  return typeof code !== "string" || code === "other" ? "" : ` (${code})`;
}
