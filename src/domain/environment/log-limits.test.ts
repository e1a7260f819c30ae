import { expect, test } from "vitest";
import { logsSchema } from "./environment-settings.ts";
import { logLimitsOf, usualLogLimits } from "./log-limits.ts";

const environments = (logs: object) =>
  [{ id: "staging", target: "process", provisioner: "local", logs: logsSchema.parse(logs) }] as never;

test("what is not said of an environment's logs is as usual", () => {
  expect(logLimitsOf({ environments: environments({}) }, "staging")).toEqual(usualLogLimits);
  expect(logLimitsOf({ environments: environments({ keep: "64Mi" }) }, "staging")).toEqual({
    keepBytes: 64 * 1024 * 1024,
    keepFiles: usualLogLimits.keepFiles,
  });
  expect(logLimitsOf({ environments: environments({ launches: 3 }) }, "gone")).toEqual(usualLogLimits);
  expect(logLimitsOf({ environments: environments({ launches: 3 }) }, "staging").keepFiles).toBe(3);
});

test.each([
  [{ keep: "63Ki" }, "64Ki or more"],
  [{ keep: "16" }, "a size such as 512Mi"],
  [{ launches: 0 }, ">=1"],
  [{ files: 3 }, "files"],
])("%j is refused", (logs, words) => {
  expect(logsSchema.safeParse(logs).error?.message).toContain(words);
});
