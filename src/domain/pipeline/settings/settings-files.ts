/** Which configuration and secrets a module needs, as its language's people expect to read it. Names only, never values. */
import type { ModuleSpec } from "../../module/module-spec.ts";
import { generatedBy } from "../generated-mark.ts";
import type { GenerationSubject } from "../generator.ts";
import { type FileSet, inModule, type PipelineModel, type RenderedFile } from "../pipeline-model.ts";
import { inSections } from "./sections.ts";

/** appsettings.Template.json, and .env.template where the language reads variables. */
export function settingsFiles({ model, module }: GenerationSubject): FileSet {
  return {
    name: "settings",
    files: [
      appSettings(model, module),
      ...(module.runtime === "dotnet" ? [] : [environmentTemplate(model, module)]),
    ],
  };
}

function appSettings(model: PipelineModel, module: ModuleSpec): RenderedFile {
  const { config, secrets } = module.needs;
  const $comment = `${generatedBy(model)} Set values with connectsoft config set and connectsoft secret set.`;
  const template =
    module.runtime === "dotnet"
      ? { $comment, ...inSections([...config, ...secrets]) }
      : { $comment, portVariable: module.portVariable, config: empty(config), secrets: empty(secrets) };
  return {
    path: inModule(model, "appsettings.Template.json"),
    content: `${JSON.stringify(template, null, 2)}\n`,
  };
}

function environmentTemplate(model: PipelineModel, module: ModuleSpec): RenderedFile {
  const { config, secrets } = module.needs;
  const lines = [
    `# ${generatedBy(model)}`,
    "# Copy it to .env for work on your own machine, and keep that file out of the repository.",
    "",
    `${module.portVariable}=${module.port ?? ""}`,
    ...section("Configuration: connectsoft config set NAME=value --env <environment>", config),
    ...section("Secrets: connectsoft secret set NAME --env <environment>", secrets),
  ];
  return { path: inModule(model, ".env.template"), content: `${lines.join("\n")}\n` };
}

function section(title: string, names: string[]): string[] {
  return names.length === 0 ? [] : ["", `# ${title}`, ...sorted(names).map((name) => `${name}=`)];
}

function empty(names: string[]): Record<string, ""> {
  return Object.fromEntries(sorted(names).map((name) => [name, ""]));
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].toSorted();
}
