import { expect, test } from "vitest";
import { loadCedar } from "./cedar-engine.ts";
import { createPolicySets } from "./policy-sets.ts";

const setOf = (id: string) => [{ id, cedar: `@reason("${id}") forbid (principal, action, resource);` }];

test("more sets than are kept take names in turn, the one unused longest first, and each is what it was", async () => {
  const engine = await loadCedar();
  const holding = createPolicySets(engine, 3);
  const names = ["a", "b", "a", "c", "d", "b", "a"].map((id) => holding(setOf(id)).name);
  // d takes the name of b, as a was used since; then b takes that of a, and a that of c.
  expect(names).toEqual(["set-0", "set-1", "set-0", "set-2", "set-1", "set-0", "set-2"]);
  expect([...holding(setOf("d")).rules.values()].at(-1)).toMatchObject({ id: "d", from: "tenant" });
});

test("the built-in set is never forgotten", async () => {
  const holding = createPolicySets(await loadCedar(), 2);
  const { name, digest } = holding([]);
  for (const id of ["a", "b", "c"]) expect(holding(setOf(id)).name).not.toBe(name);
  expect(holding([])).toMatchObject({ name, digest });
});
