/**
 * The jobs that build, test, scan and keep the result. Each hands its folder on to the next as an artifact, so that the
 * tests run on the dependencies that were resolved for the build.
 */

import { cacheVariables } from "../../../domain/pipeline/cache-variables.ts";
import { imageFor, referenceOf } from "../../../domain/pipeline/pins/images.ts";
import { pinnedTools } from "../../../domain/pipeline/pins/tools.ts";
import { inModule, type PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { shellLine } from "../../../domain/pipeline/shell-line.ts";
import { commented, keptEntries } from "../../../domain/pipeline/yaml-file.ts";
import { asGlob, runtimeVersion } from "../plain-text.ts";
import { continued, trivyArguments } from "../platform-tools.ts";
import { minutesOf, plainVariables, pruneLine, type ShellStep, shellSteps } from "../shell-steps.ts";
import { commonJob, jobName } from "./job-names.ts";

/** GitLab takes no more than two. */
const mostRetries = 2;
/** GitLab keys a cache by no more than two files. */
const mostKeyFiles = 2;

export function buildJobs(model: PipelineModel): Record<string, unknown> {
  const build = shellSteps(model, "build");
  const test = shellSteps(model, "test");
  const prune = pruneLine(model);
  return {
    [commonJob(model)]: commonKeywords(model),
    ...keptEntries("jobs"),
    ...(build.length === 0 ? {} : { [jobName(model, "build")]: buildJob(model, build) }),
    ...(test.length === 0 ? {} : { [jobName(model, "test")]: testJob(model, test) }),
    [jobName(model, "scan")]: scanJob(model),
    ...(prune === undefined ? {} : { [jobName(model, "package")]: packageJob(model, prune) }),
  };
}

function commonKeywords(model: PipelineModel): object {
  const { runtime, packageManager, caches, folder } = model;
  const variables = {
    ...cacheVariables(caches, (cache) => `$CI_PROJECT_DIR/${cachePath(model, cache)}`),
    ...plainVariables(model.environment),
  };
  return {
    ...(runtime.name === "container"
      ? {}
      : {
          image: imageFor({
            runtime: runtime.name,
            version: runtimeVersion(model),
            role: "build",
            packageManager,
          }).reference,
        }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(caches.length === 0 ? {} : { cache: cacheEntries(model) }),
    ...(folder === "" ? {} : { before_script: [`cd ${folder}`] }),
    ...(folder === "" ? {} : { rules: [{ changes: [`${folder}/**/*`, ".gitlab-ci.yml"] }] }),
    interruptible: true,
    retry: commented("Not for a script that fails: what is wrong with a build or a test is wrong twice.", {
      max: Math.min(model.retry.limit, mostRetries),
      when: ["runner_system_failure", "stuck_or_timeout_failure"],
    }),
  };
}

function cacheEntries(model: PipelineModel): object[] {
  const files = model.manifestFiles.slice(-mostKeyFiles).map((file) => inModule(model, asGlob(file)));
  return model.caches.map(({ name, folder }) => ({
    key: { files, prefix: name },
    paths: [`${cachePath(model, folder)}/`],
  }));
}

function buildJob(model: PipelineModel, steps: ShellStep[]): object {
  return {
    extends: commonJob(model),
    stage: "build",
    ...running(steps),
    timeout: duration(steps),
    artifacts: handedOn(model),
  };
}

function testJob(model: PipelineModel, steps: ShellStep[]): object {
  const { junit = [], coverage } = model.reports;
  const coverageFile = coverage === undefined ? undefined : inModule(model, asGlob(coverage.path));
  const reports = {
    ...(junit.length === 0 ? {} : { junit: junit.map((path) => inModule(model, asGlob(path))) }),
    ...(coverage === undefined || coverage.format === "lcov"
      ? {}
      : { coverage_report: { coverage_format: coverage.format, path: coverageFile } }),
  };
  return {
    extends: commonJob(model),
    stage: "test",
    ...running(steps),
    timeout: duration(steps),
    artifacts: {
      when: "always",
      ...handedOn(model),
      // GitLab draws Cobertura and JaCoCo, but not LCOV; the report is kept as it is.
      ...(coverage?.format === "lcov" ? { paths: [coverageFile] } : {}),
      ...(Object.keys(reports).length === 0 ? {} : { reports }),
    },
  };
}

function scanJob(model: PipelineModel): object {
  const report = `trivy-${model.moduleId}.sarif`;
  return {
    extends: commonJob(model),
    stage: "scan",
    image: { name: referenceOf(pinnedTools.trivy), entrypoint: [""] },
    needs: [],
    cache: [],
    before_script: [],
    script: [`trivy ${continued(trivyArguments(model.folder === "" ? "." : model.folder, report))}`],
    timeout: "15 minutes",
    artifacts: { when: "always", paths: [report], expire_in: "30 days" },
  };
}

/** What the local runner keeps too: the built tree with what it needs to run, and neither history nor downloads. */
function packageJob(model: PipelineModel, prune: string): object {
  return {
    extends: commonJob(model),
    stage: "package",
    script: [prune],
    timeout: "15 minutes",
    artifacts: {
      name: model.moduleId,
      paths: [model.folder === "" ? "./" : `${model.folder}/`],
      exclude: [".git/**/*", ...cacheGlobs(model)],
      expire_in: "7 days",
    },
  };
}

/** Where nothing is left out afterwards, what was tested is what is kept. */
function handedOn(model: PipelineModel): object {
  const exclude = cacheGlobs(model);
  return {
    untracked: true,
    ...(exclude.length === 0 ? {} : { exclude }),
    expire_in: model.prune === undefined ? "7 days" : "1 day",
  };
}

/** Variables are a job's, so that those of one step among several stand in front of its command. */
function running(steps: ShellStep[]): object {
  const [only] = steps.length === 1 ? steps : [];
  if (only !== undefined)
    return {
      ...(Object.keys(only.variables).length === 0 ? {} : { variables: only.variables }),
      script: [only.line],
    };
  return { script: steps.map(({ line, variables }) => `${prefix(variables)}${line}`) };
}

function prefix(variables: Record<string, string>): string {
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? "" : `${shellLine(["env", ...words])} `;
}

function duration(steps: ShellStep[]): string {
  return `${minutesOf(steps)} minutes`;
}

function cachePath(model: PipelineModel, folder: string): string {
  return inModule(model, asGlob(folder));
}

function cacheGlobs(model: PipelineModel): string[] {
  return model.caches.map(({ folder }) => `${cachePath(model, folder)}/**/*`);
}
