/** A template that is named was generated too, and is handed the parameters that it declares. */
import { posix } from "node:path";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import { parsedYaml } from "../parsed-yaml.ts";
import type { AzurePath, AzureReport } from "./azure-report.ts";
import type { Entries } from "./pipeline-parts.ts";

export function checkTemplate(
  part: Entries,
  path: AzurePath,
  { file, files, report }: { file: RenderedFile; files: readonly RenderedFile[]; report: AzureReport },
): void {
  const name = part.template;
  // One of another repository, or of a name that is computed, cannot be looked up.
  if (typeof name !== "string" || /[@$]/.test(name)) return;
  const target = name.startsWith("/") ? name.slice(1) : posix.join(posix.dirname(file.path), name);
  const template = files.find((candidate) => candidate.path === target);
  if (template === undefined) {
    report.add("template", [...path, "template"], {
      message: `there is no template ${target}`,
      suggestion: "Name a template by its path from this file.",
    });
    return;
  }
  const declared = parametersOf(template);
  const given = Object.keys((part.parameters ?? {}) as object);
  for (const parameter of given)
    if (!declared.some((known) => known.name === parameter))
      report.add("parameter", [...path, "parameters", parameter], {
        message: `${target} has no parameter ${parameter}`,
        suggestion: `Use one of: ${declared.map((known) => known.name).join(", ")}.`,
      });
  for (const { name: parameter, isRequired } of declared)
    if (isRequired && !given.includes(parameter))
      report.add("parameter", [...path, "template"], {
        message: `${target} needs the parameter ${parameter}`,
        suggestion: `Add ${parameter} under parameters.`,
      });
}

function parametersOf(template: RenderedFile): { name: string; isRequired: boolean }[] {
  const { value } = parsedYaml(template);
  const parameters = (value as { parameters?: unknown } | null | undefined)?.parameters;
  if (!Array.isArray(parameters)) return [];
  return parameters.map((parameter: Entries) => ({
    name: String(parameter.name),
    isRequired: !("default" in parameter),
  }));
}
