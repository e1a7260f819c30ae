import { expect, test } from "vitest";
import { z } from "zod";
import { RefusalError } from "../domain/refusal.ts";
import { operation } from "../operations/operation.ts";
import { problemOf } from "./problem.ts";

test("names every field of an input that does not fit by a pointer to it", async () => {
  const any = operation({
    ...{ name: "any", summary: "Any.", method: "POST", path: "/any", action: "view" },
    input: z.object({ limit: z.number(), source: z.object({ "a/b": z.string() }) }),
    handle: async () => ({}),
  });
  const error = await any.run({} as never, {} as never, { limit: "x", source: {} }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(RefusalError);
  const problem = problemOf((error as RefusalError).refusal);
  expect(problem).toMatchObject({ status: 400, code: "InputInvalid" });
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(["#/limit", "#/source/a~1b"]);
  expect(problem.detail).toBe(`limit: ${problem.errors?.[0]?.detail}.`);
});
