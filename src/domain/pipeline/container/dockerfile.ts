/**
 * Dockerfile: the steps of the pipeline in one stage, and in another only what runs, as a numbered user, on images
 * pinned by digest. Dependencies have a layer of their own that changes only with the files that name them.
 */
import type { ModuleSpec } from "../../module/module-spec.ts";
import { generatedBy } from "../generated-mark.ts";
import { type ImageRuntime, imageFor, otherImages, referenceOf } from "../pins/images.ts";
import type { PipelineModel, PipelineStep } from "../pipeline-model.ts";
import { type BuildRecipe, buildRecipe } from "./build-recipe.ts";
import { copy, copyInPlace, list, pairs, run } from "./dockerfile-lines.ts";
import { goProber, goProberSource, healthcheck } from "./healthcheck.ts";
import { dataFolder, environmentOf, portOf, userOf } from "./image-facts.ts";
import { runtimeRecipe } from "./runtime-recipe.ts";

export function dockerfile(model: PipelineModel, module: ModuleSpec, runtime: ImageRuntime): string {
  const lines = [
    `# syntax=${referenceOf(otherImages.dockerfileSyntax)}`,
    `# ${generatedBy(model)}`,
    "",
    ...buildStage(model, module, runtime),
    "",
    ...runStage(model, module, runtime),
  ];
  return `${lines.join("\n")}\n`;
}

function buildStage(model: PipelineModel, module: ModuleSpec, runtime: ImageRuntime): string[] {
  const { packageManager } = module;
  const image = imageFor({ runtime, version: model.runtime.version, role: "build", packageManager });
  const recipe = buildRecipe(module);
  const steps = model.stages.find(({ name }) => name === "build")?.steps ?? [];
  const resolves = steps.filter((step) => step.name !== "build" && !isForTests(step));
  const build = steps.filter(({ name }) => name === "build");
  const later = recipe.keepsInCaches ? recipe.mounts : { caches: [] };
  return [
    ...(image.note === undefined ? [] : [`# ${image.note}`]),
    `FROM ${image.reference} AS build`,
    run(["mkdir", dataFolder]),
    "WORKDIR /app",
    ...pairs("ENV", { ...recipe.environment, ...module.environment }),
    "",
    "# What else the build needs, such as system packages, stands between these lines and stays there.",
    "# connectsoft:keep build-packages",
    "# connectsoft:end build-packages",
    ...(runtime === "go" ? prober() : []),
    ...dependencies(model, resolves, recipe),
    ...build.map((step) => stepLine(step, later)),
    ...(model.prune === undefined ? [] : [run(model.prune, later)]),
  ];
}

/** With the sources, or before they are there where what is resolved does not include the module itself. */
function dependencies(
  { manifestFiles }: PipelineModel,
  resolves: PipelineStep[],
  recipe: BuildRecipe,
): string[] {
  const lines = resolves.map((step) => stepLine(step, recipe.mounts));
  const sources = ["", copy(["."], ".")];
  if (lines.length === 0) return sources;
  if (resolves.some(({ run }) => run.includes("."))) return [...sources, ...lines];
  return [
    "",
    "# Resolved again only when one of these files changes.",
    ...copyInPlace(manifestFiles),
    ...lines,
    ...sources,
  ];
}

function runStage(model: PipelineModel, module: ModuleSpec, runtime: ImageRuntime): string[] {
  const table = imageFor({ runtime, version: model.runtime.version, role: "run" });
  const recipe = runtimeRecipe(module);
  const image = recipe.image ?? table;
  const user = userOf(module);
  return [
    `FROM ${referenceOf(image)}`,
    "WORKDIR /app",
    ...pairs("ENV", { ...recipe.environment, ...environmentOf(module) }),
    "",
    "# What else the service needs when it runs; stays there too.",
    "# connectsoft:keep runtime",
    "# connectsoft:end runtime",
    "",
    ...recipe.copies,
    ...(user === undefined ? [] : [copy([dataFolder], dataFolder, `--from=build --chown=${user}:${user}`)]),
    ...(user === undefined ? [] : [`USER ${user}:${user}`]),
    `EXPOSE ${portOf(module)}`,
    ...(recipe.stopSignal === undefined ? [] : [`STOPSIGNAL ${recipe.stopSignal}`]),
    ...healthcheck(module),
    `CMD ${list(recipe.start)}`,
    "",
    "ARG REVISION=unknown",
    ...pairs("LABEL", {
      "org.opencontainers.image.title": model.moduleId,
      "org.opencontainers.image.version": model.version,
      "org.opencontainers.image.vendor": model.tenantId,
      "org.opencontainers.image.base.name": `${image.name}:${image.tag}`,
      "org.opencontainers.image.base.digest": image.digest,
    }),
    "LABEL org.opencontainers.image.revision=$REVISION",
  ];
}

function prober(): string[] {
  return [
    "",
    "# The image that runs has no client to ask for its health: it gets a small one of its own.",
    "COPY <<'EOF' /tmp/healthcheck/main.go",
    ...goProberSource.trimEnd().split("\n"),
    "EOF",
    "",
    run(["go", "build", "-trimpath", "-ldflags=-s", "-o", goProber, "/tmp/healthcheck/main.go"]),
  ];
}

/** Nothing is tested in an image. */
function isForTests({ name }: PipelineStep): boolean {
  return name.endsWith("-tests");
}

/** A step's own variables are set for that step alone. */
function stepLine({ run: command, environment = {} }: PipelineStep, mounts: BuildRecipe["mounts"]): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return run(variables.length === 0 ? command : ["env", ...variables, ...command], mounts);
}
