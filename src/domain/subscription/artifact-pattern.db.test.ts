/** Patterns of artifacts fit the same paths in the database as the library says they do. */
import fc from "fast-check";
import picomatch from "picomatch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../test/support/database.ts";
import { patternProblem, regularExpression } from "./artifact-pattern.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const word = fc.constantFrom(
  "memory",
  "env-staging",
  "RolloutPlan.yaml",
  ".gitlab-ci.yml",
  "a",
  "ab",
  "b.json",
);
const piece = fc.constantFrom(
  ...["*", "**", "?", "?b", "a*", "*.yaml", "*.y?ml", "[ab]", "[^a]b", "{a,ab}", "{RolloutPlan,b}.*", ".*"],
  ...["memory", "env-*", "RolloutPlan.yaml", "$", "^", "*.{json,yaml}", "a**b"],
);
/** Parts of a path, each as it is or as a pattern has it. */
const part = fc.tuple(word, fc.oneof(fc.constant(undefined), piece));
const pair = fc
  .array(part, { minLength: 1, maxLength: 6 })
  .map((parts) => ({
    path: `memory/${parts.map(([word]) => word).join("/")}`,
    pattern: `memory/${parts.map(([word, piece]) => piece ?? word).join("/")}`,
  }))
  .filter(({ pattern }) => patternProblem(pattern) === undefined);

test("a path fits in the database if and only if it fits by the library", async () => {
  const pairs = fc.sample(pair, 3_000);
  const { rows } = await database.pool.query<{ fits: boolean }>(
    `select p.path ~ p.pattern as fits from unnest($1::text[], $2::text[]) with ordinality as p (path, pattern, nth)
      order by p.nth`,
    [pairs.map(({ path }) => path), pairs.map(({ pattern }) => regularExpression(pattern))],
  );
  const expected = pairs.map(({ pattern, path }) =>
    picomatch.isMatch(path, pattern, { noextglob: true, nonegate: true, dot: true, strictBrackets: true }),
  );
  expect(rows.filter(({ fits }) => fits).length).toBeGreaterThan(300);
  expect(pairs.filter((_, nth) => rows[nth]?.fits !== expected[nth])).toEqual([]);
});
