import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("any JSON value has the canonical form that the library gives it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["keys in another order", { b: 1, a: { d: 2, c: [3, { f: 4, e: 5 }] } }],
  ["keys that look like indices", { 10: "a", 9: "b", a: { 2: 1, 10: 2 } }],
  ["numbers at their limits", [1e21, 1e-7, -0, 0.1, 123456789012345680000, 5e-324]],
  ["text beyond ASCII", { "\u20ac": '\u0000\u001f"\\', "\u{1f600}": "\u2028", z: "\ufb33" }],
  ["members without a value", { a: undefined, b: { c: undefined } }],
  ["a key that is also a prototype", JSON.parse('{"__proto__":{"x":1},"a":{"constructor":2}}')],
  ["a date", { at: new Date(0) }],
])("%s: as the library", (_, value) => {
  expect(canonicalJson(value)).toBe(canonicalize(value));
});

test.each([
  ["a lone surrogate", { a: "\ud800" }],
  ["NaN", [Number.NaN]],
  ["infinity", { a: Number.POSITIVE_INFINITY }],
  ["nothing", undefined],
])("%s is refused", (_, value) => {
  expect(() => canonicalJson(value)).toThrow();
});
