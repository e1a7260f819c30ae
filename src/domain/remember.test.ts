import { expect, test } from "vitest";
import { remember } from "./remember.ts";

function counted(kept: number) {
  const asked: string[] = [];
  const length = remember(
    (text: string) => {
      asked.push(text);
      if (text === "") throw new Error("nothing to count");
      return text.length;
    },
    { keyOf: (text) => text, kept },
  );
  return { asked, length };
}

test("the same question is answered once", () => {
  const { asked, length } = counted(2);
  expect([length("one"), length("three"), length("one")]).toEqual([3, 5, 3]);
  expect(asked).toEqual(["one", "three"]);
});

test("what was asked for longest ago makes room", () => {
  const { asked, length } = counted(2);
  for (const text of ["one", "two", "one", "three", "one", "two"]) length(text);
  expect(asked).toEqual(["one", "two", "three", "two"]);
});

test("what failed is asked again", () => {
  const { asked, length } = counted(2);
  expect(() => length("")).toThrow("nothing to count");
  expect(() => length("")).toThrow("nothing to count");
  expect(asked).toEqual(["", ""]);
});
