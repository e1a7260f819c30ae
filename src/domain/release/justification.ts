/** Whether the words that come with an approval say anything: a reason that only says that there is one is none. */

export const shortestReason = 10;
const fewestLetters = 8;
const fewestDifferentLetters = 5;

/** Words that agree and give no reason. A comment of nothing else says nothing. */
const agreeing = new Set(
  (
    "a ace acceptable accept accepted agree agreed all and approve approved approval approving ack aye be by cool done " +
    "everything fine for from go going good great happy i is it its lets lgtm looking looks me mine my nice no np ok okay " +
    "on our out perfect please problem problems proceed release right seems sgtm ship so sounds super sure test testing thanks thank " +
    "that the this thumbs to up very we well works yep yes you your"
  ).split(" "),
);

/** What is wrong with a reason, to follow "the reason ..."; undefined where it says something. */
export function emptinessOf(comment: string): string | undefined {
  const text = visibleText(comment);
  if ([...text].length < shortestReason) return tooShort(text, shortestReason);
  const letters = [...text.toLowerCase()].filter((one) => /\p{L}/u.test(one));
  if (letters.length < fewestLetters) return `has ${letters.length} letters and needs ${fewestLetters}`;
  if (new Set(letters).size < fewestDifferentLetters) return "repeats the same few letters";
  const words = text.toLowerCase().match(/[\p{L}\p{M}'’]+/gu) ?? [];
  // Scripts without spaces write a sentence as one word.
  if (new Set(words).size < 2 && /^\p{Script=Latin}*$/u.test(letters.join(""))) return "is one word";
  if (words.every((word) => agreeing.has(word.replaceAll(/['’]/g, "")))) return "agrees and does not say why";
  return undefined;
}

/** To follow "the reason ..."; a tenant may ask for more. */
export function tooShort(reason: string, least: number): string {
  const length = [...reason].length;
  if (length === 0) return "is empty";
  return `has ${length} ${length === 1 ? "character" : "characters"} and needs ${least}`;
}

/** Without what takes no room on a screen, so that nobody fills a reason up with it. */
function visibleText(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
}
