import fc from "fast-check";
import { expect, test } from "vitest";
import { anyAct, anyActOrKill } from "./acts.ts";
import { simulate } from "./simulate.ts";

const seed = fc.integer();
/** More of them find more: SIMULATION_RUNS=2000 npx vitest run test/simulation */
const numRuns = Number(process.env.SIMULATION_RUNS ?? 80);

test("whatever people, agents and time do: chains verify, replay gives the kept state, and everything goes on", async () => {
  let events = 0;
  await fc.assert(
    fc.asyncProperty(seed, fc.array(anyAct, { minLength: 10, maxLength: 60 }), async (seed, acts) => {
      const outcome = await simulate({ seed, acts, deliveries: 2 });
      events += outcome.events;
      expect(outcome.problems).toEqual([]);
    }),
    { numRuns, timeout: 20_000 },
  );
  expect(events).toBeGreaterThan(1_000);
});

test("the same holds where the store fails before and after commits, and engines are killed", async () => {
  let events = 0;
  await fc.assert(
    fc.asyncProperty(seed, fc.array(anyActOrKill, { minLength: 10, maxLength: 60 }), async (seed, acts) => {
      const outcome = await simulate({ seed, acts, deliveries: 3, faultRate: 0.15 });
      events += outcome.events;
      expect(outcome.problems).toEqual([]);
    }),
    { numRuns, timeout: 20_000 },
  );
  expect(events).toBeGreaterThan(2_000);
});
