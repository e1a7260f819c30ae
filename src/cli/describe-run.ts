/** What came of a run, for people: each step, the tests, coverage, and what they should know. */
import type { PipelineRun } from "../operations/run-pipeline.ts";
import type { Cli } from "./cli.ts";

export function describeRun({ colors }: Cli, { moduleId, version, report }: PipelineRun): string[] {
  const { preparation = [], steps, tests, coverage, artifact, notes = [], toolchain = [] } = report;
  const passed = report.status === "Success";
  const tools = toolchain.map(({ name, version: found }) => `${name} ${found}`).join(", ");
  return [
    "",
    `${colors.bold(`${moduleId} ${version}`)}${tools === "" ? "" : ` with ${tools}`}`,
    ...[...preparation, ...steps].map(
      (step) => `  ${mark(step)} ${step.name.padEnd(16)} ${seconds(step.durationMs)}`,
    ),
    ...(tests === undefined
      ? []
      : [
          `  tests    ${tests.passed} of ${tests.total} passed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ""}`,
        ]),
    ...(tests?.failures ?? []).map(
      ({ name, message }) => `  ${colors.red("✗")} ${name}: ${oneLine(message)}`,
    ),
    ...(coverage === undefined ? [] : [`  coverage ${coverage.percent} % of ${coverage.lines.total} lines`]),
    ...(artifact === undefined
      ? []
      : [`  artifact ${artifact.digest}, ${artifact.files} files, ${artifact.bytes} bytes`]),
    `  network  ${report.network ?? "not said"}; processes ${report.processes ?? "not said"}`,
    ...notes.map((note) => `  ${colors.yellow("note")} ${note}`),
    passed ? colors.green("passed") : colors.red("failed"),
  ];

  function mark(step: StepReport): string {
    return step.ended === "exited" && step.exitCode === 0 ? colors.green("✓") : colors.red("✗");
  }
}

type StepReport = PipelineRun["report"]["steps"][number];

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** Assertions speak over several lines; a list has one for each. */
function oneLine(message: string): string {
  const text = message.replace(/\s+/g, " ").trim();
  return text.length > longestLine ? `${text.slice(0, longestLine)} ...` : text;
}

const longestLine = 200;
