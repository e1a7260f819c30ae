import { expect, test } from "vitest";
import { diffResources, driftOf, type Resource, type Seen } from "./resource.ts";

const storage: Resource = { moduleId: "shop", kind: "storage", name: "/s/shop", spec: { mode: "0700" } };
const host: Resource = { moduleId: "shop", kind: "host", name: "shop.acme", spec: {} };

function seen(resource: Resource, found: Seen["found"]): Seen {
  return { ...resource, found };
}

function words(changes: ReturnType<typeof diffResources>): string[] {
  return changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}

test("what is not there is created, in the order of its kinds", () => {
  expect(words(diffResources([seen(host, undefined), seen(storage, undefined)], []))).toEqual([
    "create storage /s/shop",
    "create host shop.acme",
  ]);
});

test("what is there and recorded needs nothing, also where more is known of it than was wanted", () => {
  expect(diffResources([seen(storage, { mode: "0700", owner: 0 })], [storage])).toEqual([]);
});

test("what stands there unrecorded is created: whoever made it did not finish", () => {
  expect(words(diffResources([seen(storage, { mode: "0700" })], []))).toEqual(["create storage /s/shop"]);
});

test("what stands there otherwise is updated, in words", () => {
  expect(diffResources([seen(storage, { mode: "0755" })], [storage])).toMatchObject([
    { action: "update", kind: "storage", detail: "mode 0755, expected 0700" },
  ]);
});

test("what is recorded and not wanted goes, in reverse order", () => {
  expect(words(diffResources([], [storage, host]))).toEqual([
    "delete host shop.acme",
    "delete storage /s/shop",
  ]);
});

test("drift is what is gone or otherwise, and nothing else", () => {
  expect(driftOf([seen(storage, { mode: "0755" }), seen(host, undefined)]).map((one) => one.words)).toEqual([
    "storage /s/shop was changed: mode 0755, expected 0700",
    "host shop.acme is gone",
  ]);
  expect(driftOf([seen(storage, { mode: "0700" }), seen(host, {})])).toEqual([]);
});
