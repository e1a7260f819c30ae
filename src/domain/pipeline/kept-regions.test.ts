import fc from "fast-check";
import { expect, test } from "vitest";
import { carryOverRegions } from "./kept-regions.ts";

function file(body: string[], before = "before"): string {
  return [before, "  # connectsoft:keep steps", ...body, "  # connectsoft:end steps", "after", ""].join("\n");
}

test("what people wrote in a marked place survives a new generation", () => {
  const generated = file([], "before, but newer");
  const current = file(["  - run: make check"]);
  expect(carryOverRegions(generated, current)).toBe(file(["  - run: make check"], "before, but newer"));
});

test("what stands outside of marked places is the generator's", () => {
  expect(carryOverRegions(file([], "new"), file([], "old"))).toBe(file([], "new"));
});

test("a marked place that people removed stays as it is generated", () => {
  expect(carryOverRegions(file(["generated"]), "nothing marked\n")).toBe(file(["generated"]));
});

test("a place without an end is no place", () => {
  const current = "# connectsoft:keep steps\nlost?\n# connectsoft:end other\n";
  expect(carryOverRegions(file(["generated"]), current)).toBe(file(["generated"]));
});

test("carrying over twice is carrying over once, whatever was written", () => {
  const line = fc.stringMatching(/^[ -~]{0,20}$/).filter((text) => !text.includes("connectsoft:"));
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (mine, theirs) => {
      const once = carryOverRegions(file(theirs), file(mine));
      expect(once).toBe(file(mine));
      expect(carryOverRegions(once, file(mine))).toBe(once);
    }),
  );
});
