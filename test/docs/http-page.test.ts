/** docs/reference/http-api.md is held to the catalogue: every operation, and only fields that it takes. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { catalogue } from "../../src/operations/catalogue.ts";
import { codeIn, readPage, rowsOf } from "./read-page.ts";

const page = readPage("reference/http-api.md");
const rows = new Map(rowsOf(page).map(([name = "", says = ""]) => [codeIn(name)[0] ?? "", says]));

describe("the page of the HTTP API", () => {
  test("lists every operation once, and none that is not there", () => {
    expect([...rows.keys()].sort()).toEqual(catalogue.map(addressOf).sort());
  });

  test.each(catalogue.map((operation) => ({ address: addressOf(operation), operation })))(
    "names only fields that $address takes",
    ({ address, operation }) => {
      const taken = fieldsOf(z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }));
      const named = codeIn(rows.get(address) ?? "").flatMap(fieldsNamed);
      expect(named.filter((field) => !taken.has(field))).toEqual([]);
    },
  );
});

function addressOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`;
}

/** Of `{version, moduleId?}` and of `?path=&version=`. */
function fieldsNamed(code: string): string[] {
  if (code.startsWith("?")) return [...code.matchAll(/[?&](\w+)=/g)].map(([, field = ""]) => field);
  if (!code.startsWith("{")) return [];
  return [...code.matchAll(/[{,]\s*(\w+)\??(?=[,:}])/g)].map(([, field = ""]) => field);
}

/** Names of fields at any depth. */
function fieldsOf(schema: unknown, found = new Set<string>()): Set<string> {
  if (typeof schema !== "object" || schema === null) return found;
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") for (const name of Object.keys(value as object)) found.add(name);
    fieldsOf(value, found);
  }
  return found;
}
