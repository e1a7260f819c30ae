/** The table of refusals in docs/reference/approvals.md is held to the one in the program. */
import { expect, test } from "vitest";
import { type RefusalCode, refusalEffects } from "../../src/domain/refusal.ts";
import { problemOf } from "../../src/http/problem.ts";
import { codeIn, readPage, rowsOf } from "./read-page.ts";

test("lists every refusal with what it does and its status", () => {
  const [, table = ""] = readPage("reference/approvals.md").split("## What a refusal does");
  const listed = rowsOf(table).map(([code = "", effect, status]) => [
    codeIn(code)[0],
    effect,
    Number(status),
  ]);
  const codes = Object.keys(refusalEffects).sort() as RefusalCode[];
  expect(listed).toEqual(
    codes.map((code) => [code, refusalEffects[code], problemOf({ code, message: "" }).status]),
  );
});
