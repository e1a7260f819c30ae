import fc from "fast-check";
import { expect, test } from "vitest";
import { nextVersion } from "./next-version.ts";

const released = [
  { version: "1.0.0", tree: "tree-a" },
  { version: "1.0.1", tree: "tree-b" },
];

test("a version that is free is taken as declared", () => {
  expect(nextVersion("1.1.0", "tree-c", released)).toBe("1.1.0");
  expect(nextVersion("1.0.0", "tree-c", [])).toBe("1.0.0");
});

test("the same content keeps the version that it was released under", () => {
  expect(nextVersion("1.0.0", "tree-a", released)).toBe("1.0.0");
  expect(nextVersion("1.0.0", "tree-b", released)).toBe("1.0.1");
});

test("other content under a released version gets the next free patch", () => {
  expect(nextVersion("1.0.0", "tree-c", released)).toBe("1.0.2");
});

test("what is no version is an error and no endless search", () => {
  expect(() => nextVersion("latest", "tree-c", [{ version: "latest", tree: "tree-a" }])).toThrow(TypeError);
});

test("no version ever has two contents, and asking again gives the same answer", () => {
  const trees = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
  fc.assert(
    fc.property(trees, (deliveries) => {
      const held = new Map<string, string>();
      for (const tree of deliveries) {
        const list = [...held].map(([version, content]) => ({ version, tree: content }));
        const version = nextVersion("1.0.0", tree, list);
        expect(held.get(version) ?? tree).toBe(tree);
        held.set(version, tree);
        const again = [...held].map(([one, content]) => ({ version: one, tree: content }));
        expect(nextVersion("1.0.0", tree, again)).toBe(version);
      }
    }),
  );
});
