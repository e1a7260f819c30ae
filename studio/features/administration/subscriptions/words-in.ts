/** Words that stand apart by spaces or commas. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== "");
}
