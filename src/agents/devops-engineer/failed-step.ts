/** Why a stage failed, in a sentence: how its last step ended, and what it printed. */
import type { StageReport, StepReport } from "../../ports/pipeline-runner.ts";

export function lastStep(report: StageReport): StepReport | undefined {
  return report.steps.at(-1);
}

/** `npm run build` is named by its step; `lines` are quoted, else the last that it printed. */
export function wordsOf(step: StepReport | undefined, lines: string[] = lastLines(step)): string {
  if (step === undefined) return "no step of it could be run";
  const quoted = lines.length === 0 ? "" : `: ${lines.join(" | ")}`;
  switch (step.ended) {
    case "timeout":
      return `${step.name} was not done in its time${quoted}`;
    case "cancelled":
      return `${step.name} was cancelled`;
    case "not-started":
      return `${step.name} did not start${quoted}`;
    case "exited":
      return `${step.name} ended with code ${step.exitCode ?? "none"}${quoted}`;
  }
}

function lastLines(step: StepReport | undefined): string[] {
  const lines = (step?.output ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").slice(-3);
}
