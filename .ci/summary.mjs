/** Prints `N passed, N failed, N skipped` as the last line and exits non-zero where anything failed. */
import { readFileSync } from "node:fs";

const [report, testsExit, checksExit] = process.argv.slice(2);
const { passed, failed, skipped } = count(readReport());
const checksFailed = checksExit === "0" ? 0 : 1;
// A run that broke before, beside or after its tests has failed, also where no single test has.
const testsFailed = failed === 0 && testsExit !== "0" ? 1 : failed;

if (checksFailed) console.log("npm run check failed, which counts as one");
console.log(`${passed} passed, ${testsFailed + checksFailed} failed, ${skipped} skipped`);
process.exitCode = testsFailed + checksFailed === 0 ? 0 : 1;

function readReport() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return undefined;
  }
}

function count(result) {
  if (result === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const broken = result.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
