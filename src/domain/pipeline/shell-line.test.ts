import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellLine } from "./shell-line.ts";

test("a shell hands every argument on as it was", () => {
  const special = fc.constantFrom("$", "{", "}", "(", ")", "[", "]", "'", '"', "`", "\\", "\n", " ", "a");
  const word = fc.oneof(
    fc.string({ unit: "grapheme-ascii", minLength: 0, maxLength: 20 }),
    fc.string({ unit: special, minLength: 0, maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const line = shellLine([
        process.execPath,
        "-p",
        "JSON.stringify(process.argv.slice(1))",
        "--",
        ...words,
      ]);
      expect(JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" }))).toEqual(words);
    }),
    { numRuns: 20 },
  );
});

test("a plain command stays readable", () => {
  expect(shellLine(["npm", "run", "build:all", "--if-present"])).toBe("npm run build:all --if-present");
});

test("no platform finds an expression in a line", () => {
  const opening = fc.constantFrom("$".concat("{{"), "$(", "$[", "$HOME", "$".concat("{"), "$$", "$$(");
  fc.assert(
    fc.property(fc.array(opening, { minLength: 1 }), (words) => {
      expect(shellLine(["echo", words.join("x"), ...words])).not.toMatch(/\$[({[A-Za-z_]/);
    }),
  );
});
