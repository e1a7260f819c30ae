/** What the tests left behind: results at the run itself, and every report for whoever looks closer. */
import { inModule, type PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented } from "../../../domain/pipeline/yaml-file.ts";
import { asGlob } from "../plain-text.ts";
import { expression, uses } from "./workflow-steps.ts";

export function reportSteps(model: PipelineModel): unknown[] {
  const junit = (model.reports.junit ?? []).map((path) => inModule(model, asGlob(path)));
  const coverage =
    model.reports.coverage === undefined ? [] : [inModule(model, asGlob(model.reports.coverage.path))];
  if (junit.length + coverage.length === 0) return [];
  return [
    ...(junit.length === 0
      ? []
      : [
          commented("Writes annotations and a summary only, and so needs no permission to write checks.", {
            name: "Show test results",
            if: "!cancelled()",
            uses: uses("mikepenz/action-junit-report"),
            with: {
              report_paths: junit.join("\n"),
              annotate_only: true,
              detailed_summary: true,
            },
          }),
        ]),
    {
      name: "Keep test and coverage reports",
      if: "!cancelled()",
      uses: uses("actions/upload-artifact"),
      with: {
        name: `${model.moduleId}-reports${model.runtime.name === "container" ? "" : `-${expression("inputs.runtime-version")}`}`,
        path: [...junit, ...coverage].join("\n"),
      },
    },
  ];
}
