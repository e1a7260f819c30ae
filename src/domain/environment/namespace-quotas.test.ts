import { expect, test } from "vitest";
import { namespaceQuotas } from "./namespace-quotas.ts";
import { bytesOf } from "./size.ts";

const wants = {
  quotas: { memory: "2Gi", processes: 64 },
  editions: { premium: { memory: "8192Mi" }, free: { memory: "512Mi", processes: 8 } },
};

test("without editions the environment's quotas hold", () => {
  expect(namespaceQuotas(wants, [])).toEqual(wants.quotas);
  expect(namespaceQuotas(wants, [undefined])).toEqual(wants.quotas);
});

test("an edition's quotas stand for the environment's, key by key", () => {
  expect(namespaceQuotas(wants, ["free"])).toEqual({ memory: "512Mi", processes: 8 });
  expect(namespaceQuotas(wants, ["premium"])).toEqual({ memory: "8192Mi", processes: 64 });
});

test("of several editions the most generous holds", () => {
  expect(namespaceQuotas(wants, ["free", "premium", undefined])).toEqual({ memory: "8192Mi", processes: 64 });
});

test("what one of them has no limit for is not limited", () => {
  const some = { quotas: {}, editions: { free: { cpus: 0.5 } } };
  expect(namespaceQuotas(some, ["free"])).toEqual({ cpus: 0.5 });
  expect(namespaceQuotas(some, ["free", undefined])).toEqual({});
});

test("sizes are binary", () => {
  expect([bytesOf("1Ki"), bytesOf("3Mi"), bytesOf("2Gi")]).toEqual([1024, 3 * 1024 ** 2, 2 * 1024 ** 3]);
});
