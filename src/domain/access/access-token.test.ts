import { expect, test } from "vitest";
import { isBeyond, reachesAsFar, scopePresets } from "./access-token.ts";
import { type Action, actions } from "./actions.ts";

test("every action belongs to a scope that has a name, and no scope names another", () => {
  const named = new Set(Object.values(scopePresets).flat());
  expect([...named].sort()).toEqual(Object.keys(actions).sort());
});

test.each<[string, object, Action, string | undefined, boolean]>([
  ["has no limits", {}, "tenant", undefined, false],
  ["reads", { scope: ["read"] }, "view", "production", false],
  ["reads", { scope: ["read"] }, "deploy", "production", true],
  ["adds evidence", { scope: ["evidence"] }, "view", undefined, false],
  ["is for staging", { environments: ["staging"] }, "deploy", "production", true],
  ["is for staging", { environments: ["staging"] }, "deploy", "staging", false],
  ["is for staging", { environments: ["staging"] }, "settings", undefined, true],
])("a token that %s (%j): %s in %s is beyond it: %s", (_, limits, action, environment, beyond) => {
  expect(isBeyond(limits, { action, environment })).toBe(beyond);
});

test("a token makes none that reaches further, whichever way it is limited", () => {
  expect(reachesAsFar({}, {})).toBe(true);
  expect(reachesAsFar({ scope: ["admin"] }, {})).toBe(false);
  expect(reachesAsFar({ scope: ["admin"] }, { scope: ["tenant", "token"] })).toBe(true);
  expect(reachesAsFar({ scope: ["admin"] }, { scope: ["admin", "approve"] })).toBe(false);
  expect(reachesAsFar({ environments: ["staging"] }, { scope: ["read"] })).toBe(false);
  expect(reachesAsFar({ environments: ["staging"] }, { environments: ["staging", "production"] })).toBe(
    false,
  );
});
