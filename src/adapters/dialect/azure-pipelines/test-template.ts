/** test.yaml: tests what was built in the same job, and publishes what the tests report. */
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented, keptItems } from "../../../domain/pipeline/yaml-file.ts";
import { asGlob } from "../plain-text.ts";
import { shellSteps } from "../shell-steps.ts";
import { directoryParameter, parameter, scriptStep } from "./pipeline-steps.ts";

export function testTemplate(model: PipelineModel): object {
  return {
    parameters: [directoryParameter(model)],
    steps: [
      ...shellSteps(model, "test").map((step) => scriptStep(model, step)),
      ...testResults(model),
      ...coverage(model),
      keptItems("after-test"),
    ],
  };
}

function testResults({ reports, moduleId }: PipelineModel): object[] {
  if (reports.junit === undefined || reports.junit.length === 0) return [];
  return [
    {
      task: "PublishTestResults@2",
      displayName: "Publish test results",
      condition: "succeededOrFailed()",
      inputs: {
        testResultsFormat: "JUnit",
        searchFolder: parameter("workingDirectory"),
        testResultsFiles: reports.junit.map(asGlob).join("\n"),
        testRunTitle: moduleId,
      },
    },
  ];
}

function coverage({ reports, moduleId }: PipelineModel): unknown[] {
  if (reports.coverage === undefined) return [];
  const path = `${parameter("workingDirectory")}/${asGlob(reports.coverage.path)}`;
  if (reports.coverage.format !== "lcov")
    return [
      {
        task: "PublishCodeCoverageResults@2",
        displayName: "Publish coverage",
        condition: "succeededOrFailed()",
        inputs: { summaryFileLocation: path },
      },
    ];
  return [
    commented("Azure Pipelines draws Cobertura and JaCoCo, but not LCOV; the report is kept as it is.", {
      publish: path,
      artifact: `${moduleId}-coverage`,
      displayName: "Keep coverage",
      condition: "succeededOrFailed()",
    }),
  ];
}
