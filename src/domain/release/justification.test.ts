import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { emptinessOf } from "./justification.ts";

describe("a reason that says nothing", () => {
  test.each([
    "",
    "ok",
    "lgtm",
    "approved",
    "Approved, approved.",
    "..........",
    "ok ok ok ok ok ok",
    "LGTM LGTM LGTM!",
    "looks good to me!!!",
    "yes please release it",
    "aaaaaaaaaaaaaaaa",
    "asdasdasdasdasd",
    "👍👍👍👍👍👍👍👍👍👍👍",
    "1234567890 1234567890",
    "ok\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b",
    "ok                                ok",
  ])("%j", (comment) => {
    expect(emptinessOf(comment)).toEqual(expect.any(String));
  });
});

describe("a reason", () => {
  test.each([
    "checked on staging",
    "looked at the change and its tests",
    "Preise auf Staging geprüft",
    "prices verified with finance, ticket 4711",
    "本番環境の設定とテスト結果を確認しました",
    "проверил на стенде",
  ])("%j", (comment) => {
    expect(emptinessOf(comment)).toBeUndefined();
  });
});

it("is none however often the same word or sign is repeated", () => {
  const signs = fc.constantFrom("ok", "lgtm", "approved", ".", "!", "+1", "-", "fine", "yes");
  fc.assert(
    fc.property(
      signs,
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom("", " ", "\n", ", "),
      (word, times, between) => {
        expect(emptinessOf(Array.from({ length: times }, () => word).join(between))).toBeDefined();
      },
    ),
  );
});

it("is told in numbers that fit", () => {
  expect(emptinessOf("")).toBe("is empty");
  expect(emptinessOf("x")).toBe("has 1 character and needs 10");
  expect(emptinessOf("ok")).toBe("has 2 characters and needs 10");
});
