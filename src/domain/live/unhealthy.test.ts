import fc from "fast-check";
import { expect, it } from "vitest";
import { nextUnhealthy, type Unhealthy } from "./unhealthy.ts";

/** Looks, one a second, each with what is wrong with one release, or `undefined`; `null`: it is not there. */
function after(troubles: (string | undefined | null)[]): Unhealthy | undefined {
  let known = new Map<string, Unhealthy>();
  troubles.forEach((trouble, second) => {
    const sightings = trouble === null ? [] : [{ key: "a", ...(trouble !== undefined && { trouble }) }];
    known = nextUnhealthy(known, sightings, second * 1_000);
  });
  return known.get("a");
}

it("counts from the first look of the present trouble, with its newest words", () => {
  expect(after([undefined, "crashed", "starting"])).toEqual({
    key: "a",
    trouble: "starting",
    sinceMs: 1_000,
  });
});

it("begins anew after a release was well, or away", () => {
  expect(after(["crashed", undefined, "crashed"])?.sinceMs).toBe(2_000);
  expect(after(["crashed", null, "crashed"])?.sinceMs).toBe(2_000);
  expect(after(["crashed", undefined])).toBeUndefined();
});

it("never says that a release was unhealthy for longer than it was seen so without a break", () => {
  const look = fc.option(fc.constantFrom("crashed", undefined), { nil: null });
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 30 }), (troubles) => {
      const found = after(troubles);
      const calm = troubles.findLastIndex((one) => one !== "crashed");
      if (calm === troubles.length - 1) expect(found).toBeUndefined();
      else expect(found?.sinceMs).toBe((calm + 1) * 1_000);
    }),
  );
});
