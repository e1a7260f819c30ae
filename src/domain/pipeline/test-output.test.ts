import { expect, test } from "vitest";
import { failingLines, isSummaryLine, parseTestOutput } from "./test-output.ts";

const cases: [runner: string, output: string, numbers: [number, number, number, number]][] = [
  [
    "node:test in its spec form",
    "✔ a (1ms)\nℹ tests 9\nℹ suites 1\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\nℹ duration_ms 60",
    [9, 5, 2, 2],
  ],
  [
    "node:test in TAP",
    "TAP version 13\n# tests 2\n# suites 0\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0",
    [2, 1, 1, 0],
  ],
  ["tape", "1..3\n# tests 3\n# pass  3\n\n# ok", [3, 3, 0, 0]],
  [
    "Jest",
    "Test Suites: 1 failed, 1 total\nTests:       1 failed, 2 skipped, 3 passed, 6 total",
    [6, 3, 1, 2],
  ],
  [
    "Vitest",
    " Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 2 passed | 1 todo (4)",
    [4, 2, 1, 1],
  ],
  ["Vitest in colour", "\u001b[2m      Tests \u001b[22m \u001b[32m3 passed\u001b[39m (3)", [3, 3, 0, 0]],
  ["Mocha", "\n  5 passing (12ms)\n  2 pending\n  1 failing\n", [8, 5, 1, 2]],
  ["pytest", "===== 2 failed, 5 passed, 1 skipped, 3 warnings, 1 error in 1.20s =====", [9, 5, 3, 1]],
  ["pytest, quiet", "7 passed, 1 xfailed in 0.05s", [8, 7, 0, 1]],
  ["unittest", "Ran 7 tests in 0.002s\n\nFAILED (failures=1, errors=1, skipped=2)", [7, 3, 2, 2]],
  ["unittest that passed", "Ran 3 tests in 0.002s\n\nOK", [3, 3, 0, 0]],
  [
    "Maven Surefire",
    "[INFO] Tests run: 4, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in A\n[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 1",
    [4, 2, 1, 1],
  ],
  [
    "go test -v",
    "=== RUN TestA\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/inner (0.00s)\n--- FAIL: TestB (0.01s)\n--- SKIP: TestC (0.00s)",
    [3, 1, 1, 1],
  ],
  [
    "go test -v, a package that does not build and one that ends before its tests among them",
    [
      "=== RUN   TestA",
      "reads 3 rows--- PASS: TestA (0.00s)",
      "=== RUN   FuzzB",
      "=== RUN   FuzzB/seed#0",
      "--- PASS: FuzzB (0.00s)",
      "    --- PASS: FuzzB/seed#0 (0.00s)",
      "PASS",
      "ok  \tacme.org/rooms\t(cached)",
      "FAIL\tacme.org/rooms/beds [build failed]",
      "=== RUN   TestC",
      "--- FAIL: TestC (0.01s)",
      "FAIL",
      "FAIL\tacme.org/rooms/doors\t0.012s",
      "panic: no lamp",
      "FAIL\tacme.org/rooms/lamps\t0.004s",
      "?   \tacme.org/rooms/walls\t[no test files]",
      "testing: warning: no tests to run",
      "ok  \tacme.org/rooms/keys\t0.004s [no tests to run]",
      "FAIL",
    ].join("\n"),
    [5, 2, 3, 0],
  ],
  ["go test where nothing builds", "FAIL\tacme.org/rooms [setup failed]\nFAIL", [1, 0, 1, 0]],
  ["go test where no test is to run", "ok  \tacme.org/rooms\t0.004s [no tests to run]", [0, 0, 0, 0]],
  [
    "dotnet test",
    "Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3, Duration: 5 ms - a.dll (net9.0)",
    [3, 2, 1, 0],
  ],
  ["two runs one after the other", "# pass 2\n# fail 0\n  3 passing (1s)", [5, 5, 0, 0]],
];

test.for(cases)("reads the numbers of %s", ([, output, [total, passed, failed, skipped]]) => {
  expect(parseTestOutput(output)).toEqual({ total, passed, failed, skipped });
  const kept = output.split("\n").filter(isSummaryLine).join("\n");
  expect(parseTestOutput(kept)).toEqual({ total, passed, failed, skipped });
});

test("gives no numbers where no runner is recognised", () => {
  expect(parseTestOutput("all good\n3 tests were fine\n")).toBeUndefined();
});

test.each([
  ["passes", "ok  \tacme.org/rooms\t0.004s\n"],
  [
    "fails",
    "--- FAIL: TestC (0.01s)\nFAIL\nFAIL\tacme.org/rooms/doors\t0.012s\nok  \tacme.org/rooms\t0.1s\n",
  ],
])("gives no numbers where Go was not asked to print each test, and it %s", (_, output) => {
  expect(parseTestOutput(output)).toBeUndefined();
});

test("quotes the tests and packages of Go that failed", () => {
  const output = [
    "--- FAIL: TestC (0.01s)",
    "    --- FAIL: TestC/two_nights (0.00s)",
    "FAIL",
    "FAIL\tacme.org/rooms/beds [build failed]",
  ].join("\n");
  expect(failingLines(output)).toEqual([
    "--- FAIL: TestC",
    "--- FAIL: TestC/two_nights",
    "FAIL\tacme.org/rooms/beds [build failed]",
  ]);
});

test("no tests at all are numbers too", () => {
  expect(parseTestOutput("ℹ tests 0\nℹ pass 0\nℹ fail 0")).toEqual({
    total: 0,
    passed: 0,
    failed: 0,
    skipped: 0,
  });
});

test("quotes what failed, each line once, and no more than asked", () => {
  const output = [
    "✔ one (1ms)",
    "✖ three nights cost three times the rate (0.6ms)",
    "ℹ fail 1",
    "✖ failing tests:",
    "✖ three nights cost three times the rate (0.6ms)",
    "  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:",
    "not ok 2 - later # TODO",
  ].join("\n");
  expect(failingLines(output)).toEqual([
    "✖ three nights cost three times the rate",
    "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal",
  ]);
  expect(failingLines(output, 1)).toHaveLength(1);
});
