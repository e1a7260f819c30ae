/**
 * How a package is tested, and which reports its runner can be made to write without touching the package: by
 * NODE_OPTIONS for node:test, by arguments for Vitest and for Jest with jest-junit. No other runner is guessed at.
 */
import { plainWords } from "../../module/command-words.ts";
import type { Command, Reports } from "../../module/module-spec.ts";
import { type Manager, scriptCommand } from "./node-commands.ts";
import type { PackageFile } from "./package-file.ts";

export interface TestFacts {
  test: Command;
  reports?: Reports;
  testEnvironment?: Record<string, string>;
}

/** Beside package.json: node:test makes no folder for it. */
const junit = "junit.xml";
const lcov = "coverage/lcov.info";

/** For a test script. */
export function scriptTests(file: PackageFile, manager: Manager, text: string): TestFacts {
  const runner = runnerOf(text);
  if (runner === "node") return { test: scriptCommand(manager, "test"), ...nodeReports(text) };
  const args = runner === "vitest" ? vitest(text) : runner === "jest" ? jest(file, text) : undefined;
  const { extra = [], ...reports } = args ?? {};
  return { test: scriptCommand(manager, "test", extra), ...reports };
}

/** For a command that module.yaml gives. */
export function commandTests(command: Command): TestFacts {
  const direct = command[0] === "node" && command.includes("--test");
  return direct ? { test: command, ...nodeReports(command.join(" ")) } : { test: command };
}

/** The one program that a script ends in; none where a shell puts several together. */
function runnerOf(text: string): "node" | "vitest" | "jest" | undefined {
  const words = plainWords(text.replace(/^(?:(?:npx|cross-env|\w+=[\w./:-]*)\s+)+/, ""));
  const [program, next] = words ?? [];
  if (program === "node") return words?.includes("--test") ? "node" : undefined;
  // Only `vitest` and `vitest run` test; a bare `vitest` runs once where CI is set.
  if (program === "vitest")
    return next === undefined || next === "run" || next.startsWith("-") ? "vitest" : undefined;
  return program === "jest" ? "jest" : undefined;
}

function nodeReports(text: string): Pick<TestFacts, "reports" | "testEnvironment"> {
  if (text.includes("--test-reporter")) return {};
  const covers = /--experimental-test-coverage\b/.test(text);
  const reporters = [["spec", "stdout"], ["junit", junit], ...(covers ? [["lcov", "lcov.info"]] : [])];
  const options = reporters.map(([name, to]) => `--test-reporter=${name} --test-reporter-destination=${to}`);
  return {
    testEnvironment: { NODE_OPTIONS: options.join(" ") },
    reports: { junit: [junit], ...(covers ? { coverage: { format: "lcov", path: "lcov.info" } } : {}) },
  };
}

interface RunnerArguments {
  extra: string[];
  reports: Reports;
  testEnvironment?: Record<string, string>;
}

function vitest(text: string): RunnerArguments | undefined {
  if (/--(reporter|outputFile)\b/.test(text)) return undefined;
  const covers = /--coverage\b(?!=false)/.test(text) && !text.includes("--coverage.reporter");
  const coverage = [
    "--coverage.reporter=text",
    "--coverage.reporter=lcov",
    "--coverage.reportsDirectory=coverage",
  ];
  return {
    extra: [
      "--reporter=default",
      "--reporter=junit",
      `--outputFile.junit=${junit}`,
      ...(covers ? coverage : []),
    ],
    reports: { junit: [junit], ...(covers ? { coverage: { format: "lcov", path: lcov } } : {}) },
  };
}

/** Jest writes no JUnit of its own; the reporter that does must be among the dependencies. */
function jest(file: PackageFile, text: string): RunnerArguments | undefined {
  const reporter = Object.hasOwn({ ...file.dependencies, ...file.devDependencies }, "jest-junit");
  const covers = /--coverage\b(?!=false)/.test(text) && !text.includes("--coverageReporters");
  if (!covers && !reporter) return undefined;
  const ownReporters = text.includes("--reporters");
  const reports = reporter && !ownReporters ? ["--reporters=default", "--reporters=jest-junit"] : [];
  const coverage = covers
    ? ["--coverageReporters=text", "--coverageReporters=lcov", "--coverageDirectory=coverage"]
    : [];
  return {
    extra: [...reports, ...coverage],
    reports: {
      ...(reports.length > 0 ? { junit: [junit] } : {}),
      ...(covers ? { coverage: { format: "lcov" as const, path: lcov } } : {}),
    },
    ...(reports.length > 0 ? { testEnvironment: { JEST_JUNIT_OUTPUT_FILE: junit } } : {}),
  };
}
