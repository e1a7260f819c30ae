import { expect, test } from "vitest";
import { redactValues } from "./redact-values.ts";

test("a value does not stay in a text, however it was written there", () => {
  const redact = redactValues(['p@ss "w" ord']);
  expect(redact('a p@ss "w" ord b')).toBe("a [redacted] b");
  expect(redact(JSON.stringify({ password: 'p@ss "w" ord' }))).toBe('{"password":"[redacted]"}');
  expect(redact("postgres://me:p%40ss%20%22w%22%20ord@db/shop")).toBe("postgres://me:[redacted]@db/shop");
});

test("each line of a key is taken out, and a value that another contains leaves no rest", () => {
  const redact = redactValues(["first line\nsecond line", "secret", "secret-and-more"]);
  expect(redact("second line: secret-and-more")).toBe("[redacted]: [redacted]");
});

test("what is too short to be told from other words stays", () => {
  expect(redactValues(["1", ""])("port 8101")).toBe("port 8101");
});
