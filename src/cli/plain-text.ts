/**
 * Text that others wrote, made harmless for a terminal: what would move the cursor, set a colour or a link, turn
 * the direction of writing or take no room is shown by its number. The record keeps it as it was written.
 */

/** Controls of a terminal but for tab and newline (C0, DEL, C1): escape sequences, and OSC 8 links, begin with one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Direction, joiners, spaces without width, soft hyphens, and the tags that hide text in emoji. */
const hidden =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|[\u{e0000}-\u{e007f}]/gu;

/** For people; newlines and tabs stay. */
export function plainText(text: string): string {
  return withoutHidden(text.replaceAll(controls, numbered));
}

/** For people, on one line: nobody puts a line of their own below ours. */
export function plainLine(text: string): string {
  return plainText(text).replaceAll(/\s*\n\s*/g, " ⏎ ");
}

/** Also of text that is JSON, whose meaning stays as it is. */
export function withoutHidden(text: string): string {
  return text.replaceAll(hidden, numbered);
}

/** Every text in an answer. */
export function plainAnswer<Answer>(answer: Answer): Answer {
  if (typeof answer === "string") return plainText(answer) as Answer;
  if (Array.isArray(answer)) return answer.map(plainAnswer) as Answer;
  if (typeof answer !== "object" || answer === null) return answer;
  const entries = Object.entries(answer).map(([name, value]) => [plainText(name), plainAnswer(value)]);
  return Object.fromEntries(entries) as Answer;
}

function numbered(found: string): string {
  return found
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
