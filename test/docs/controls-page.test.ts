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

/** What a hostile caller, author or operator may try that is to be refused by name. */
const attacks = [
  ...[
    "wrong role",
    "wrong tenant",
    "expired token",
    "replayed token",
    "forged token",
    "token of a removed person",
  ],
  ...["expired approval", "replayed approval", "forged approval", "contradicts itself or locks everyone out"],
  ...[
    "freeze in the past",
    "clock that is turned back",
    "event injected by SQL",
    "agent that asks for approval rights",
  ],
  ...[
    "prompt in a commit message",
    "path that leads out",
    "Markdown in a comment",
    "escape codes in a comment",
  ],
  "comment of 10 MB",
];

test.each(attacks)("an attack has its proof: %s", (attack) => {
  const listed = proofs.filter(({ control, proof }) => control.includes(attack) && proof !== "");
  expect(listed.length).toBeGreaterThan(0);
});

test.each(proofs)("$control: its proof is there", ({ proof }) => {
  const [, file = "", title = ""] = /^`([^`]+)` "(.+)"$/.exec(proof) ?? [];
  expect(file, proof).toMatch(/\.(test|conformance|real)\.ts$/);
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(title);
});

test("every control has its proof", () => {
  expect(proofs.filter(({ proof }) => proof === "")).toEqual([]);
});
