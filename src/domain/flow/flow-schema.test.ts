import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { flowFileSchema } from "./flow-schema.ts";

test("the schema can be published as JSON Schema, with events, guards and keys that an editor completes", () => {
  const published = z.toJSONSchema(flowFileSchema, { io: "input" });
  const text = JSON.stringify(published);
  for (const word of ["ModuleReady", "not moreEnvironments", "reenter", "^(\\\\d{1,9})(ms|s|m|h|d)$"])
    expect(text).toContain(word);
  expect(published).toMatchObject({ type: "object", required: ["states"], additionalProperties: false });
});

test.each([
  "flows/delivery.yaml",
  "flows/environment.yaml",
  "test/flows/fragments/delivery-flow.yaml",
  "test/flows/fragments/orchestrator-integration.yaml",
])("%s has the shape of the published schema", (file) => {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  expect(
    z.fromJSONSchema(z.toJSONSchema(flowFileSchema, { io: "input" })).safeParse(parse(text)).error,
  ).toBeUndefined();
});

test("a file that misspells a key does not have that shape", () => {
  const published = z.fromJSONSchema(z.toJSONSchema(flowFileSchema, { io: "input" }));
  expect(published.safeParse({ states: { a: { onn: {} } } }).success).toBe(false);
});
