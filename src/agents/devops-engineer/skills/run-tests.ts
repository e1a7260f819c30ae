/**
 * Tests the head that was built. The report is evidence: its digest, with commit and tree, is what gates look
 * at. A repeated attempt tests again; tests are not an effect.
 */
import { digestOf } from "../../../domain/canonical-json.ts";
import { coverageData } from "../../../domain/evidence/coverage.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { stepsOf } from "../../../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { failingLines } from "../../../domain/pipeline/test-output.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { StageReport } from "../../../ports/pipeline-runner.ts";
import { lastStep, wordsOf } from "../failed-step.ts";
import type { DevOpsEngineerPorts } from "../ports.ts";
import { type Head, modelOf, pullRequestHead } from "../pull-request-head.ts";
import { updateSnapshot } from "../update-snapshot.ts";

const producer = "connectsoft-local-runner";

export function createRunTests({ sourceControl, runner, tenants }: DevOpsEngineerPorts): Skill {
  return async function runTests(context) {
    const { handOver, invocation, signal } = context;
    const head = await pullRequestHead(sourceControl, context);
    const model = await modelOf(context, { tenants });
    if (stepsOf(model, "test").length === 0)
      return notApplicable(context, head, "The module names no tests.");
    const report = await runner.run({
      repository: handOver.repository,
      ...head,
      model,
      stage: "test",
      invocationId: invocation.invocationId,
      signal,
      progress: context.progress,
    });
    signal.throwIfAborted();
    if (report.status === "Success" && report.tests?.total === 0)
      return notApplicable(context, head, "The test command found no tests.");
    if (!ranTests(report, model)) return unprepared(context, report);
    return report.status === "Success" ? passed(context, head, report) : failed(context, head, report);
  };
}

/** False where the built tree had to be made again and that failed: this says nothing of the tests. */
function ranTests(report: StageReport, model: PipelineModel): boolean {
  const names = stepsOf(model, "test").map(({ name }) => name);
  return report.steps.every(({ name }) => names.includes(name));
}

function unprepared({ invocation }: AgentContext, report: StageReport): AgentOutcome {
  const message = `The tests of ${invocation.moduleId} could not begin: ${wordsOf(lastStep(report))}.`;
  const next = "Try again: connectsoft rebuild.";
  return { status: "Failed", retryable: true, refusal: { code: "Unavailable", message, next }, emits: [] };
}

async function passed(context: AgentContext, head: Head, report: StageReport): Promise<AgentOutcome> {
  const evidence = await record(context, head, { ...report, status: "Success" });
  const { tests, durationMs } = report;
  await updateSnapshot(context, "test", { status: "Success", ...head, durationMs, ...counted(tests) });
  return {
    status: "Success",
    summary: tests === undefined ? "tests passed" : `${tests.passed} of ${tests.total} tests passed`,
    emits: [
      {
        name: "TestsPassed",
        data: {
          ...evidence,
          applicable: true,
          ...counted(tests),
          ...(report.coverage !== undefined && { coverage: coverageData(report.coverage) }),
        },
      },
    ],
  };
}

async function failed(context: AgentContext, head: Head, report: StageReport): Promise<AgentOutcome> {
  const evidence = await record(context, head, { ...report, status: "Failed" });
  const { tests, durationMs } = report;
  await updateSnapshot(context, "test", { status: "Failed", ...head, durationMs, ...counted(tests) });
  const step = lastStep(report);
  const lines = failingLines(step?.output ?? "");
  const count = tests === undefined ? "" : `${tests.failed} of ${tests.total} failed; `;
  const why = lines.length === 0 ? wordsOf(step) : wordsOf(step, lines);
  return {
    status: "Failed",
    retryable: false,
    refusal: {
      code: "TestsNotPassed",
      message: `Tests of ${context.invocation.moduleId} did not pass for ${head.commit.slice(0, 12)}: ${count}${why}.`,
      next: "Correct the module and hand it over again; pipelines/TestReport.json in memory has the whole output.",
    },
    emits: [{ name: "TestsFailed", data: { ...evidence, ...counted(tests), failures: lines } }],
  };
}

async function notApplicable(context: AgentContext, head: Head, reason: string): Promise<AgentOutcome> {
  const evidence = await record(context, head, { stage: "test", status: "NotApplicable", reason });
  await updateSnapshot(context, "test", { status: "Skipped", ...head, reason });
  return {
    status: "Success",
    summary: "no tests: not applicable",
    emits: [{ name: "TestsPassed", data: { ...evidence, applicable: false } }],
  };
}

/** Writes TestReport.json; anyone can take its digest again from the file. */
async function record(context: AgentContext, head: Head, report: object): Promise<JsonObject> {
  const document = { ...report, ...head, producer };
  context.memory.write("pipelines", "TestReport.json", `${JSON.stringify(document, null, 2)}\n`);
  return { ...head, reportDigest: digestOf(document), producer };
}

function counted(tests: StageReport["tests"]): { tests?: JsonObject } {
  if (tests === undefined) return {};
  const { total, passed, failed: failing, skipped } = tests;
  return { tests: { total, passed, failed: failing, skipped } };
}
