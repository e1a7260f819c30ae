import { expect, test } from "vitest";
import { corpus } from "./corpus.ts";
import { corpusDocument } from "./corpus-document.ts";

test("the reference page says what the corpus holds", async () => {
  await expect(corpusDocument()).toMatchFileSnapshot("../../../docs/reference/corpus.md");
});

test("at least forty modules are not refused, and no two have one name in a language", () => {
  const all = corpus.flatMap(({ modules }) => modules);
  expect(all.filter((module) => !("refused" in module)).length).toBeGreaterThanOrEqual(40);
  for (const { modules } of corpus)
    expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
});
