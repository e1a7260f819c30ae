/** Runs the steps of a stage on a built tree and reads what they left: results, coverage, or what they printed. */

import type { PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import type { TestNumbers } from "../../../domain/pipeline/test-output.ts";
import type { StageReport, StepReport } from "../../../ports/pipeline-runner.ts";
import { type RunPlace, runModuleStep, sourceIn, succeeded } from "./prepare-source.ts";
import { type FoundReports, readReports, removeOldReports } from "./read-reports.ts";
import { createRedactor } from "./redact.ts";

type Outcome = Pick<StageReport, "steps" | "tests" | "coverage" | "reports" | "notes">;

export async function runTests(stageSteps: PipelineStep[], place: RunPlace): Promise<Outcome> {
  const { request, folder } = place;
  const wanted = request.stage === "test" ? request.model.reports : {};
  const source = sourceIn(folder);
  await removeOldReports(source, wanted);
  const steps: StepReport[] = [];
  let printed: TestNumbers | undefined;
  for (const step of stageSteps) {
    const result = await runModuleStep(step, place);
    steps.push(result.report);
    printed = result.numbers ?? printed;
    if (!succeeded(result.report)) break;
  }
  const read = await readReports(source, wanted);
  const outcome = { steps, ...testsOf(read, printed, Object.values(request.secrets ?? {})) };
  const { coverage, reports, notes } = read;
  const failing = outcome.tests?.failed ?? 0;
  if (failing > 0 && steps.every(succeeded))
    notes.push(`${failing} tests failed although the command ended with code 0`);
  return {
    ...outcome,
    ...(coverage !== undefined && { coverage }),
    ...(reports.length > 0 && { reports }),
    ...(notes.length > 0 && { notes }),
  };
}

/** A report that lists cases is believed before what was printed for people. */
function testsOf(
  { results }: FoundReports,
  printed: TestNumbers | undefined,
  secrets: string[],
): Pick<Outcome, "tests"> {
  if (results === undefined || (results.numbers.total === 0 && printed !== undefined))
    return printed === undefined ? {} : { tests: printed };
  const redact = createRedactor(secrets);
  const clean = (text: string) => text.split("\n").map(redact).join("\n");
  const failures = results.failures.map(({ name, message }) => ({
    name: clean(name),
    message: clean(message),
  }));
  return { tests: { ...results.numbers, ...(failures.length > 0 && { failures }) } };
}
