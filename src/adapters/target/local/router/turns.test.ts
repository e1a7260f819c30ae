import fc from "fast-check";
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("the turns of a small share are spread among those of a large one", () => {
  const turns = new Turns([
    { of: "stable", weight: 3 },
    { of: "canary", weight: 1 },
  ]);
  const seen = Array.from({ length: 8 }, () => turns.next());
  expect(seen).toEqual(["stable", "stable", "canary", "stable", "stable", "stable", "canary", "stable"]);
});

test("over a run as long as the sum of the weights each gets exactly its weight", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, (given) => {
      const turns = new Turns(given.map((weight, index) => ({ of: index, weight })));
      const total = given.reduce((sum, weight) => sum + weight, 0);
      const counts = given.map(() => 0);
      for (let turn = 0; turn < total; turn += 1) {
        const index = turns.next() ?? -1;
        counts[index] = (counts[index] ?? 0) + 1;
      }
      expect(counts).toEqual(given);
    }),
  );
});

test("what was tried has no turn, and nobody is left where all were tried", () => {
  const turns = new Turns([
    { of: "one", weight: 1 },
    { of: "two", weight: 9 },
  ]);
  expect(turns.next(["two"])).toBe("one");
  expect(turns.next(["one", "two"])).toBeUndefined();
});
