/**
 * Text that shows all that is in it: what a browser or terminal would act on without showing it, control characters
 * and those that turn text around, is shown by its number. Line feeds stay.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === "\n" ? "\n" : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
