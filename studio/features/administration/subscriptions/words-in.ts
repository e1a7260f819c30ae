/** Words that stand apart by spaces or commas; `{a,b}` of a pattern is one. */
export function wordsIn(text: string): string[] {
  return text.split(/\s+|,(?![^{}]*\})/u).filter((word) => word !== "");
}
