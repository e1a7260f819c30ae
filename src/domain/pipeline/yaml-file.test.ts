import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { commented, keptEntries, keptItems, remarked, yamlFile } from "./yaml-file.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme-ascii" }),
  fc.string({ unit: "binary" }).filter((value) => value.isWellFormed()),
  fc.constantFrom(
    "on",
    "1.10",
    "0x1f",
    "12:30",
    "2026-11-22",
    ".",
    "+.",
    "._1",
    "+.e5",
    "e+5",
    "~",
    "a: b",
    "a #b",
    "- x",
    "",
    " ",
    "a\nb",
    "|",
  ),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), tie("map"), tie("list")),
  map: fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  list: fc.array(tie("value"), { maxLength: 4 }),
})).map;

test("whoever reads the file gets the value", () => {
  fc.assert(
    fc.property(value, (written) => {
      const { content } = yamlFile({ moduleId: "a" }, "a.yaml", written as object);
      const document = parseDocument(content, { strict: true });
      expect(document.errors).toEqual([]);
      const read = Object.keys(written as object).length === 0 ? {} : document.toJS();
      expect(trimmed(read)).toEqual(trimmed(written));
    }),
    { numRuns: 500 },
  );
});

test("a reader of YAML 1.1 gets texts for texts too", () => {
  fc.assert(
    fc.property(text, (written) => {
      const { content } = yamlFile({ moduleId: "a" }, "a.yaml", { key: written });
      expect(parse(content, { version: "1.1" }).key).toBeTypeOf("string");
    }),
    { numRuns: 1_000 },
  );
});

describe("a file reads as if a person had written it", () => {
  const { content } = yamlFile(
    { moduleId: "booking-service" },
    "a.yaml",
    {
      name: "a",
      needs: ["b", "c"],
      jobs: {
        one: { script: "x\ny" },
        ...keptEntries("jobs"),
        two: commented("Why it is there.", { uses: remarked("a@b", "v1") }),
      },
      steps: [{ run: "x" }, keptItems("last")],
    },
    { head: ["What it is."] },
  );

  test("with its origin first, remarks behind values, comments above them and blank lines between parts", () => {
    expect(content.split("\n").slice(1).join("\n")).toBe(`#
# What it is.

name: a

needs: [b, c]

jobs:
  one:
    script: |
      x
      y

  # connectsoft:keep jobs
  # connectsoft:end jobs

  # Why it is there.
  two:
    uses: a@b # v1

steps:
  - run: x

  # connectsoft:keep last
  # connectsoft:end last
`);
  });
});

/** A text of several lines ends as a file does, whatever it ended with before. */
function trimmed(value: unknown): unknown {
  if (typeof value === "string") return value.includes("\n") ? value.trimEnd() : value;
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, trimmed(inner)]));
}
