/** Text that others wrote, made harmless wherever it is read: no controls, nothing invisible, nothing endless. */

/** Controls, marks of direction, joiners and tags that take no room, line and paragraph separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const otherThanLines = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu;

export function harmlessLine(text: string, longest = 200): string {
  return shortened(text.replaceAll(/\s+/gu, " ").replaceAll(unseen, "�").trim(), longest);
}

/** Lines stay. */
export function harmlessText(text: string, longest = 2_000): string {
  return shortened(text.replaceAll(/\r\n?/g, "\n").replaceAll(otherThanLines, "�").trim(), longest);
}

/** By characters as people count them, so that no pair is cut in two. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
