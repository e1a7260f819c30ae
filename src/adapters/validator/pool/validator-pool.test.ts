import { afterEach, expect, test } from "vitest";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import { checkFiles } from "../index.ts";
import { createValidatorPool, type ValidatorPool } from "./validator-pool.ts";

let pool: ValidatorPool | undefined;
afterEach(() => pool?.close());

const bad: RenderedFile[] = [
  { path: "azure-pipelines.yaml", content: "trigger: none\nsteps:\n  - scirpt: make\n" },
  { path: ".gitlab-ci.yml", content: "build:\n  stage: bild\n  script: [make]\n" },
];

test("threads find what is found in the thread that asks", async () => {
  pool = createValidatorPool({ threads: 1 });
  const found = await pool.check(bad);
  expect(found.length).toBeGreaterThan(1);
  expect(found).toEqual(await checkFiles(bad));
});

test("another thread starts only where many sets wait, and never more than were asked for", async () => {
  pool = createValidatorPool({ threads: 2 });
  expect(pool.threads).toBe(0);
  const { check } = pool;
  const few = [check(bad), check(bad)];
  expect(pool.threads).toBe(1);
  const many = Array.from({ length: 100 }, () => check([]));
  expect(pool.threads).toBe(2);
  expect((await Promise.all(many)).flat()).toEqual([]);
  expect(await few[1]).toEqual(await few[0]);
});

test("warming starts one thread, once, and what is asked meanwhile is answered", async () => {
  pool = createValidatorPool({ threads: 2 });
  pool.warm();
  pool.warm();
  expect(pool.threads).toBe(1);
  expect(await pool.check(bad)).toEqual(await checkFiles(bad));
  expect(pool.threads).toBe(1);
});

test("what a thread cannot look at is told to who asked, and the others are answered", async () => {
  pool = createValidatorPool({ threads: 1 });
  const broken = [{ path: ".gitlab-ci.yml" }] as RenderedFile[];
  const [failed, found] = await Promise.allSettled([pool.check(broken), pool.check(bad)]);
  expect(failed).toMatchObject({ status: "rejected", reason: expect.any(TypeError) });
  expect(found).toMatchObject({ status: "fulfilled", value: expect.arrayContaining([expect.anything()]) });
});

test("a thread that ends answers whoever waits with a failure, and the next question starts another", async () => {
  pool = createValidatorPool({ threads: 1 });
  const waiting = pool.check(bad);
  await pool.close();
  await expect(waiting).rejects.toThrow("has ended");
  expect(pool.threads).toBe(0);
  expect((await pool.check(bad)).length).toBeGreaterThan(1);
});

test("a thread that does not answer in time is given up", async () => {
  pool = createValidatorPool({ threads: 1, timeoutMs: 1 });
  await expect(pool.check(bad)).rejects.toThrow("has ended");
  expect(pool.threads).toBe(0);
});
