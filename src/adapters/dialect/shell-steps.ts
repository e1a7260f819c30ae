/** The model's steps as lines for a shell, the same on every platform. */
import type { Command } from "../../domain/module/module-spec.ts";
import type { PipelineModel, PipelineStep, StageName } from "../../domain/pipeline/pipeline-model.ts";
import { shellLine } from "../../domain/pipeline/shell-line.ts";

export interface ShellStep {
  /** `Install dependencies`, `Test`: what a platform shows. */
  title: string;
  line: string;
  variables: Record<string, string>;
  timeoutMinutes: number;
  /** Resolving dependencies fails for reasons outside and is tried again; a build or a test is not. */
  isInstall: boolean;
}

/** Only building and testing are the model's on a platform; scanning and deploying are done with the platform's means. */
export function shellSteps(model: PipelineModel, stage: Extract<StageName, "build" | "test">): ShellStep[] {
  const steps = model.stages.find(({ name }) => name === stage)?.steps ?? [];
  return steps.map((step) => shellStep(model, step));
}

export function minutesOf(steps: ShellStep[]): number {
  return steps.reduce((sum, { timeoutMinutes }) => sum + timeoutMinutes, 0);
}

/** Variables of every step that platforms take as they are. */
export function plainVariables(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => isPlain(value)));
}

/** The command after the test run, with the variables that no platform can be handed. */
export function pruneLine(model: PipelineModel): string | undefined {
  return model.prune === undefined ? undefined : lineWith(model.environment, model.prune);
}

function shellStep(model: PipelineModel, step: PipelineStep): ShellStep {
  const own = step.environment ?? {};
  return {
    title: titleOf(step.name),
    line: lineWith({ ...model.environment, ...own }, step.run),
    variables: plainVariables(own),
    timeoutMinutes: Math.ceil(step.timeoutSeconds / 60),
    isInstall: step.name.startsWith("install"),
  };
}

/** Platforms look for expressions in the values of variables too, so one with a dollar sign goes the way of the arguments. */
function lineWith(variables: Record<string, string>, command: Command): string {
  const special = Object.entries(variables).filter(([, value]) => !isPlain(value));
  if (special.length === 0) return shellLine(command);
  return shellLine(["env", ...special.map(([name, value]) => `${name}=${value}`), ...command]);
}

function isPlain(value: string): boolean {
  return !value.includes("$");
}

function titleOf(name: string): string {
  if (name === "install") return "Install dependencies";
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
}
