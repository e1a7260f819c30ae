/** docs/reference/controls.md names a test for each control; a test that is renamed or gone fails here. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPage, rowsOf } from "./read-page.ts";

const proofs = rowsOf(readPage("reference/controls.md")).map(([control = "", , proof = ""]) => ({
  control,
  proof,
}));

test("the page has its rows", () => {
  expect(proofs.length).toBeGreaterThan(40);
});

test.each(proofs)("$control: its proof is there", ({ proof }) => {
  const [, file = "", title = ""] = /^`([^`]+)` "(.+)"$/.exec(proof) ?? [];
  expect(file, proof).toMatch(/\.(test|conformance|real)\.ts$/);
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(title);
});

test("every control has its proof", () => {
  expect(proofs.filter(({ proof }) => proof === "")).toEqual([]);
});
