/**
 * `summary.mjs <exit of the checks> (<report> <exit>)...`: prints the slowest files, what passed only when it was tried
 * again, what failed and why, and `N passed, N failed, N skipped` of all reports as the last line; exits non-zero where anything failed.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

const [checksExit, ...runs] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
const reports = [];
for (let at = 0; at < runs.length; at += 2) {
  const report = readReport(runs[at]);
  if (report !== undefined) reports.push(report);
  add(count(report, runs[at + 1]));
}
for (const report of reports) tellSlowest(report.testResults);
for (const file of reports.flatMap((report) => report.testResults)) tellSecondTries(file);
const failures = reports.flatMap((report) => report.testResults).flatMap(failuresOf);
for (const { name, message } of failures) console.log(`FAILED ${name}\n${indented(message)}`);
// Once more in a line each, at the end, because the end is what is read and kept.
for (const { name, message } of failures)
  console.log(`FAILED ${name}: ${message.split("\n", 1)[0].slice(0, 200)}`);
if (checksExit !== "0") {
  console.log("npm run check failed, which counts as one");
  sum.failed += 1;
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function tellSlowest(files) {
  const seconds = ({ startTime = 0, endTime = 0 }) => Math.round((endTime - startTime) / 1000);
  const slowest = files.toSorted((a, b) => seconds(b) - seconds(a)).slice(0, 12);
  if (slowest.length > 0)
    console.log(`slowest: ${slowest.map((file) => `${nameOf(file)} ${seconds(file)} s`).join(", ")}`);
}

function tellSecondTries(file) {
  const again = file.assertionResults.filter(
    ({ status, failureMessages }) => status === "passed" && failureMessages.length > 0,
  );
  for (const { fullName, failureMessages } of again)
    console.log(
      `passed at the second try: ${nameOf(file)} > ${fullName}\n${indented(failureMessages.join("\n"))}`,
    );
}

function failuresOf(file) {
  const failed = file.assertionResults.filter((test) => test.status === "failed");
  const whole = file.status === "failed" && failed.length === 0;
  return [
    ...failed.map((test) => ({
      name: `${nameOf(file)} > ${test.fullName}`,
      message: test.failureMessages.join("\n"),
    })),
    ...(whole ? [{ name: nameOf(file), message: file.message ?? "" }] : []),
  ];
}

/** What a failure says of itself, without the frames of libraries. */
function indented(message) {
  const lines = message.split("\n").filter((line) => !/^\s+at .*node_modules|node:internal/.test(line));
  return lines
    .slice(0, 8)
    .map((line) => `       ${line.slice(0, 200)}`)
    .join("\n");
}

function nameOf({ name = "a file" }) {
  return path.relative(process.cwd(), name);
}

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
