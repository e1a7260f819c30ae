/** appsettings.Template.json: which configuration and secrets a module needs. Names only, never values. */
import type { ModuleSpec } from "../module/module-spec.ts";
import { generatedBy } from "./generated-mark.ts";
import type { PipelineModel, RenderedFile } from "./pipeline-model.ts";

export function settingsTemplate(model: PipelineModel, module: ModuleSpec): RenderedFile {
  const template = {
    $comment: `${generatedBy(model)} Set values with connectsoft config set and connectsoft secret set.`,
    portVariable: module.portVariable,
    config: emptyValues(module.needs.config),
    secrets: emptyValues(module.needs.secrets),
  };
  return { path: "appsettings.Template.json", content: `${JSON.stringify(template, null, 2)}\n` };
}

function emptyValues(names: string[]): Record<string, ""> {
  return Object.fromEntries(names.toSorted().map((name) => [name, ""]));
}
