/** The workflow that starts on its own: builds, tests and scans; deploys only where the platform is told to. */

import { referenceOf } from "../../../domain/pipeline/pins/images.ts";
import { pinnedTools } from "../../../domain/pipeline/pins/tools.ts";
import { inModule, type PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented, keptEntries } from "../../../domain/pipeline/yaml-file.ts";
import { runtimeVersion } from "../plain-text.ts";
import { continued, deployFromCi, trivyArguments } from "../platform-tools.ts";
import { workflowPaths } from "./workflow-paths.ts";
import { checkout, expression, runner, uses } from "./workflow-steps.ts";

export function mainHead({ environments, moduleId }: PipelineModel): string[] {
  if (environments.length === 0) return [`Builds, tests and scans ${moduleId}.`];
  return [
    `Builds, tests and scans ${moduleId}. The control plane deploys it, so nothing here does, unless the repository`,
    `variable ${deployFromCi} is "true" (Settings > Secrets and variables > Actions > Variables).`,
    "What deploying needs besides is listed at the head of the deploy workflow.",
  ];
}

export function mainWorkflow(model: PipelineModel): object {
  const triggers = {
    branches: [model.targetBranch],
    ...(model.folder === "" ? {} : { paths: watchedPaths(model) }),
  };
  return {
    name: model.moduleId,
    on: { push: triggers, pull_request: triggers },
    permissions: { contents: "read" },
    concurrency: {
      group: `${model.moduleId}-${expression("github.ref")}`,
      "cancel-in-progress": commented(
        "A newer push makes an older run of its pull request pointless. What was merged always runs to its end.",
        expression("github.event_name == 'pull_request'"),
      ),
    },
    jobs: {
      "build-and-test": buildAndTest(model),
      scan: scan(model),
      ...(model.environments.length === 0 ? {} : { image: image(model) }),
      ...deployments(model),
      ...keptEntries("jobs"),
    },
  };
}

function watchedPaths(model: PipelineModel): string[] {
  return [`${model.folder}/**`, ...Object.values(workflowPaths(model))];
}

function buildAndTest(model: PipelineModel): object {
  const calls = `./${workflowPaths(model).buildAndTest}`;
  if (model.runtime.name === "container") return { name: "Build and test", uses: calls };
  return {
    name: "Build and test",
    strategy: { "fail-fast": false, matrix: { "runtime-version": [runtimeVersion(model)] } },
    uses: calls,
    with: { "runtime-version": expression("matrix.runtime-version") },
  };
}

function scan(model: PipelineModel): object {
  const report = `trivy-${model.moduleId}.sarif`;
  return {
    name: "Scan",
    "runs-on": runner,
    "timeout-minutes": 15,
    permissions: { contents: "read", "security-events": "write" },
    steps: [
      checkout(),
      {
        name: "Look for secrets and known vulnerabilities",
        run: continued([
          "docker run --rm",
          '--volume "$GITHUB_WORKSPACE:/source:ro"',
          '--volume "$RUNNER_TEMP:/reports"',
          referenceOf(pinnedTools.trivy),
          ...trivyArguments(
            inModule(model, "").replace(/^/, "/source/").replace(/\/$/, ""),
            `/reports/${report}`,
          ),
        ]),
      },
      {
        name: "Keep the report",
        if: "!cancelled()",
        uses: uses("actions/upload-artifact"),
        with: { name: `${model.moduleId}-scan`, path: `${expression("runner.temp")}/${report}` },
      },
      commented(
        "Code scanning may be off for this repository, and a fork may not write to it; the report is kept above.",
        {
          name: "Show findings under Security",
          if: "!cancelled()",
          "continue-on-error": true,
          uses: uses("github/codeql-action/upload-sarif"),
          with: { sarif_file: `${expression("runner.temp")}/${report}`, category: model.moduleId },
        },
      ),
    ],
  };
}

/** Built once, for all environments. */
function image(model: PipelineModel): object {
  const context = model.folder === "" ? "." : model.folder;
  return commented("Built once, so that every environment gets the same bytes.", {
    name: "Image",
    needs: ["build-and-test", "scan"],
    if: `vars.${deployFromCi} == 'true' && github.event_name == 'push'`,
    "runs-on": runner,
    "timeout-minutes": 30,
    permissions: { contents: "read", packages: "write" },
    outputs: { reference: expression("steps.reference.outputs.reference") },
    steps: [
      checkout(),
      {
        name: "Name the image",
        id: "name",
        run: `echo "name=ghcr.io/\${GITHUB_REPOSITORY,,}/${model.moduleId}" >> "$GITHUB_OUTPUT"`,
      },
      {
        name: "Sign in to the registry",
        uses: uses("docker/login-action"),
        with: {
          registry: "ghcr.io",
          username: expression("github.actor"),
          password: expression("github.token"),
        },
      },
      { name: "Set up BuildKit", uses: uses("docker/setup-buildx-action") },
      {
        name: "Build and push",
        id: "build",
        uses: uses("docker/build-push-action"),
        with: {
          context,
          push: true,
          tags: `${expression("steps.name.outputs.name")}:${expression("github.sha")}`,
          "cache-from": `type=gha,scope=${model.moduleId}`,
          "cache-to": `type=gha,scope=${model.moduleId},mode=max`,
        },
      },
      {
        name: "Name the image by its digest",
        id: "reference",
        env: {
          NAME: expression("steps.name.outputs.name"),
          DIGEST: expression("steps.build.outputs.digest"),
        },
        run: 'echo "reference=$NAME@$DIGEST" >> "$GITHUB_OUTPUT"',
      },
    ],
  }) as object;
}

/** One environment after the other; GitHub holds each back until the reviewers of its environment agree. */
function deployments(model: PipelineModel): Record<string, unknown> {
  const jobs = model.environments.map(({ name }, index) => {
    const before = model.environments[index - 1];
    const needs = before === undefined ? ["image"] : ["image", `deploy-${before.name}`];
    const job = {
      name: `Deploy to ${name}`,
      needs,
      permissions: { contents: "read", "id-token": "write" },
      uses: `./${workflowPaths(model).deploy}`,
      with: { environment: name, image: expression("needs.image.outputs.reference") },
    };
    return [`deploy-${name}`, job] as const;
  });
  return Object.fromEntries(jobs);
}
