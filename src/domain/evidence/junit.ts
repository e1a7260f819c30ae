/** JUnit XML as test runners write it. Cases are counted one by one: the totals in its attributes are claims. */
import type { TestNumbers } from "../pipeline/test-output.ts";
import { attribute, childrenOf, readXml, textOf, type XmlElement } from "./read-xml.ts";
import { UnreadableReport } from "./unreadable-report.ts";

export interface FailedCase {
  name: string;
  message: string;
}

export interface TestResults {
  numbers: TestNumbers;
  /** The first of them, at most 20. */
  failures: FailedCase[];
}

export const mostFailures = 20;
const longestName = 300;
const longestMessage = 1_000;

export function readJunit(text: string): TestResults {
  const found = emptyResults();
  const root = /<testsuites[\s>/]/.test(text) ? "testsuites" : "testsuite";
  if (!text.includes(`<${root}`)) throw new UnreadableReport("it has neither testsuites nor a testsuite");
  visit(readXml(text, root), found);
  return found;
}

export function addResults(all: readonly TestResults[]): TestResults {
  const sum = emptyResults();
  for (const { numbers, failures } of all) {
    for (const key of ["total", "passed", "failed", "skipped"] as const) sum.numbers[key] += numbers[key];
    sum.failures.push(...failures.slice(0, mostFailures - sum.failures.length));
  }
  return sum;
}

function emptyResults(): TestResults {
  return { numbers: { total: 0, passed: 0, failed: 0, skipped: 0 }, failures: [] };
}

function visit(suite: XmlElement, found: TestResults): void {
  for (const inner of childrenOf(suite, "testsuite")) visit(inner, found);
  for (const testCase of childrenOf(suite, "testcase")) {
    const outcome = outcomeOf(testCase);
    found.numbers.total += 1;
    found.numbers[outcome] += 1;
    if (outcome === "failed" && found.failures.length < mostFailures) found.failures.push(failure(testCase));
  }
}

function outcomeOf(testCase: XmlElement): "passed" | "failed" | "skipped" {
  if (testCase.failure !== undefined || testCase.error !== undefined) return "failed";
  return testCase.skipped === undefined ? "passed" : "skipped";
}

function failure(testCase: XmlElement): FailedCase {
  const place = attribute(testCase, "classname");
  const name = attribute(testCase, "name") ?? "a case without a name";
  const [first] = [...childrenOf(testCase, "failure"), ...childrenOf(testCase, "error")];
  const said = first === undefined ? "" : (attribute(first, "message") ?? textOf(first));
  return {
    name: (place === undefined || place === "" ? name : `${place} ${name}`).slice(0, longestName),
    message: said.trim().slice(0, longestMessage),
  };
}
