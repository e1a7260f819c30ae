/**
 * `summary.mjs <exit of the checks> (<report> <exit>)...`: prints `N passed, N failed, N skipped` of all reports
 * as the last line and exits non-zero where anything failed.
 */
import { readFileSync } from "node:fs";

const [checksExit, ...runs] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
for (let at = 0; at < runs.length; at += 2) add(count(readReport(runs[at]), runs[at + 1]));
if (checksExit !== "0") {
  console.log("npm run check failed, which counts as one");
  sum.failed += 1;
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function add({ passed, failed, skipped }) {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function count(result, exit) {
  // A run that broke before, beside or after its tests has failed, also where no single test has.
  const broke = exit === "0" ? 0 : 1;
  if (result === undefined) return { passed: 0, failed: broke, skipped: 0 };
  const broken = result.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const failed = result.numFailedTests + broken.length;
  return {
    passed: result.numPassedTests,
    failed: Math.max(failed, broke),
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
