import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellLine, withoutExpressions } from "./shell-line.ts";

test("a shell hands every argument on as it was", () => {
  const word = fc.string({ unit: "grapheme-ascii", minLength: 0, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      const line = shellLine([
        process.execPath,
        "-p",
        "JSON.stringify(process.argv.slice(1))",
        "--",
        ...words,
      ]);
      expect(JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" }))).toEqual(words);
    }),
    { numRuns: 10 },
  );
});

test("a plain command stays readable", () => {
  expect(shellLine(["npm", "run", "build:all", "--if-present"])).toBe("npm run build:all --if-present");
});

test("an opening of an expression becomes an expression for itself", () => {
  const opening = "$".concat("{{");
  expect(withoutExpressions(`${opening} x }}`)).toBe(`${opening} '${opening}' }} x }}`);
});
