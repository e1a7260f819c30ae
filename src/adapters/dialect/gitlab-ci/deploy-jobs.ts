/**
 * Jobs that deploy where the project says so. The cluster itself trusts GitLab's OIDC tokens, which works with any cloud's
 * Kubernetes and stores no credential.
 */

import { referenceOf } from "../../../domain/pipeline/pins/images.ts";
import { pinnedTools } from "../../../domain/pipeline/pins/tools.ts";
import type { PipelineEnvironment, PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented, keptEntries } from "../../../domain/pipeline/yaml-file.ts";
import { deployFromCi, helmUpgrade } from "../platform-tools.ts";
import { jobName } from "./job-names.ts";

export function deployJobs(model: PipelineModel): Record<string, unknown> {
  if (model.environments.length === 0) return {};
  return {
    [jobName(model, imageName)]: imageJob(model),
    ...Object.fromEntries(
      model.environments.map((environment, index) => [
        jobName(model, `deploy-${environment.name}`),
        deployJob(model, environment, model.environments[index - 1]),
      ]),
    ),
    ...keptEntries("deploy"),
  };
}

/** GitLab has `image` for a word of its own. */
const imageName = "publish-image";

function imageJob(model: PipelineModel): unknown {
  const image = referenceOf(pinnedTools.docker);
  return commented("Built once, so that every environment gets the same bytes.", {
    stage: "package",
    image,
    services: [{ name: image, alias: "docker" }],
    variables: { DOCKER_TLS_CERTDIR: "/certs", NAME: `$CI_REGISTRY_IMAGE/${model.moduleId}` },
    needs: needed(model),
    rules: [onTarget(model)],
    script: [
      'echo "$CI_REGISTRY_PASSWORD" | docker login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"',
      `docker build --pull --tag "$NAME:$CI_COMMIT_SHA" ${model.folder === "" ? "." : model.folder}`,
      'docker push "$NAME:$CI_COMMIT_SHA"',
      `echo "IMAGE=$(docker inspect --format '{{index .RepoDigests 0}}' "$NAME:$CI_COMMIT_SHA")" > image.env`,
    ],
    timeout: "30 minutes",
    artifacts: { reports: { dotenv: "image.env" } },
  });
}

/** An image is built of what passed; the files themselves come from the repository. */
function needed(model: PipelineModel): object[] {
  const names = [
    ...model.stages.map(({ name }) => name).filter((name) => name === "test" || name === "build"),
    "scan",
  ];
  return names.map((name) => ({ job: jobName(model, name), artifacts: false }));
}

function deployJob(
  model: PipelineModel,
  { name, requiresApproval }: PipelineEnvironment,
  before: PipelineEnvironment | undefined,
): object {
  const previous = before === undefined ? [] : [jobName(model, `deploy-${before.name}`)];
  return {
    stage: "deploy",
    image: { name: referenceOf(pinnedTools.helm), entrypoint: [""] },
    needs: [jobName(model, imageName), ...previous],
    environment: { name },
    resource_group: `${model.moduleId}-${name}`,
    id_tokens: { KUBE_TOKEN: { aud: "$KUBE_OIDC_AUDIENCE" } },
    rules: [{ ...onTarget(model), ...(requiresApproval ? { when: "manual" } : {}) }],
    script: [
      helmUpgrade(model, name, [
        '--kube-apiserver "$KUBE_API_SERVER"',
        '--kube-ca-file "$KUBE_CA_FILE"',
        '--kube-token "$KUBE_TOKEN"',
      ]),
    ],
    timeout: "20 minutes",
  };
}

function onTarget(model: PipelineModel): object {
  const isOn = `$${deployFromCi} == "true" && $CI_COMMIT_BRANCH == ${JSON.stringify(model.targetBranch)}`;
  return {
    if: isOn,
    ...(model.folder === "" ? {} : { changes: [`${model.folder}/**/*`, ".gitlab-ci.yml"] }),
  };
}
