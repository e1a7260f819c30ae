import { expect, test } from "vitest";
import { joinLines } from "./join-lines.ts";

test("lines of one turn leave in one write, in their order; those of the next turn in the next", async () => {
  const written: string[] = [];
  const lines = joinLines((text) => void written.push(text));
  lines.write("one\n");
  lines.write("two\n");
  expect(written).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(["one\ntwo\n"]);
  lines.write("three\n");
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(["one\ntwo\n", "three\n"]);
});

test("what waits is written at the end, and once", async () => {
  const written: string[] = [];
  const lines = joinLines((text) => void written.push(text));
  lines.write("last words\n");
  lines.flush();
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(["last words\n"]);
});
