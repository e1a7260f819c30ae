/** Dockerfiles, charts and manifests: what is generated passes, and each known way to break it is told with its line. */
import { describe, expect, test } from "vitest";
import { type DeployableName, deployable, deployables } from "../../../test/support/deployables.ts";
import { chartFiles } from "../../domain/pipeline/chart/chart-files.ts";
import { containerFiles } from "../../domain/pipeline/container/container-files.ts";
import { manifestFiles } from "../../domain/pipeline/manifests/manifest-files.ts";
import type { RenderedFile } from "../../domain/pipeline/pipeline-model.ts";
import { dockerfileValidator } from "./dockerfile/dockerfile-validator.ts";
import { helmValidator } from "./helm/helm-validator.ts";
import { validators } from "./index.ts";
import { kubernetesValidator } from "./kubernetes/kubernetes-validator.ts";

const names = Object.keys(deployables) as DeployableName[];
const ours = [dockerfileValidator, helmValidator, kubernetesValidator];

function generated(name: DeployableName = "node", folder = ""): RenderedFile[] {
  const subject = deployable(name, { model: { folder } });
  return [containerFiles, chartFiles, manifestFiles].flatMap((generate) => generate(subject)?.files ?? []);
}

async function findings(files: RenderedFile[]) {
  const checks = files.flatMap((file) =>
    ours
      .filter((validator) => validator.validates(file.path))
      .map((validator) => validator.check(file, files)),
  );
  return (await Promise.all(checks)).flat();
}

/** The same files, with one text of one of them replaced. */
async function broken(path: string, from: string | RegExp, to: string) {
  let isChanged = false;
  const files = generated().map((file) => {
    if (file.path !== path) return file;
    const content = file.content.replace(from, to);
    isChanged = content !== file.content;
    return { ...file, content };
  });
  expect(isChanged).toBe(true);
  return findings(files);
}

test("they stand in the list that everything generated is shown to", () => {
  expect(ours.filter((validator) => !validators.includes(validator))).toEqual([]);
});

describe.each(names)("what is generated for a %s module", (name) => {
  test("is valid", async () => expect(await findings(generated(name))).toEqual([]));
  test("is valid in a folder of a monorepo", async () =>
    expect(await findings(generated(name, "services/one"))).toEqual([]));
});

const production = "k8s/overlays/production/kustomization.yaml";
const knownBad: [what: string, path: string, from: string | RegExp, to: string, rule: string][] = [
  [
    "a base image without a digest",
    "Dockerfile",
    /@sha256:\w+ AS build/,
    " AS build",
    "dockerfile/unpinned-image",
  ],
  ["root by leaving out the user", "Dockerfile", "USER 1000:1000\n", "", "dockerfile/root-user"],
  ["root by its number", "Dockerfile", "USER 1000:1000", "USER 0", "dockerfile/root-user"],
  [
    "a user that only the image can name",
    "Dockerfile",
    "USER 1000:1000",
    "USER node",
    "dockerfile/root-user",
  ],
  ["a start through a shell", "Dockerfile", /^CMD .*$/m, "CMD node dist/main.js", "dockerfile/shell-form"],
  [
    "a health check through a shell",
    "Dockerfile",
    /CMD \["node", "-e".*$/m,
    "CMD curl -f localhost",
    "dockerfile/shell-form",
  ],
  [
    "a secret in a layer",
    "Dockerfile",
    "WORKDIR /app\n",
    "WORKDIR /app\nENV DB_PASSWORD=hunter2\n",
    "dockerfile/secret-in-layer",
  ],
  ["an instruction that there is none of", "Dockerfile", "EXPOSE 8080", "EXPOZE 8080", "dockerfile/parser"],
  [
    "a field that Kubernetes does not know",
    "k8s/base/deployment.yaml",
    "readinessProbe:",
    "readyProbe:",
    "kubernetes/unknown-field",
  ],
  ["a number that is text", "k8s/base/deployment.yaml", "replicas: 1", "replicas: one", "kubernetes/type"],
  [
    "a field at the wrong place",
    "k8s/base/service.yaml",
    "spec:\n",
    "type: ClusterIP\nspec:\n",
    "kubernetes/unknown-field",
  ],
  [
    "a kind that is not served any more",
    "k8s/base/deployment.yaml",
    "apps/v1",
    "extensions/v1beta1",
    "kubernetes/unknown-kind",
  ],
  [
    "a container without a name",
    "k8s/base/deployment.yaml",
    /- name: booking-service\n\s+image/,
    "- image",
    "kubernetes/required",
  ],
  ["a resource that is not there", production, "../../base", "../../bases", "kubernetes/missing-resource"],
  [
    "configuration under an impossible name",
    production,
    "- LOG_LEVEL=",
    "- LOG LEVEL=",
    "kubernetes/pattern",
  ],
  [
    "a chart whose version is none",
    "helm/Chart.yaml",
    /^version: .*$/m,
    "version: one",
    "helm-chart/pattern",
  ],
  ["a chart of Helm 2", "helm/Chart.yaml", "apiVersion: v2", "apiVersion: v1", "helm-chart/const"],
  [
    "a value that the chart does not know",
    "helm/values-production.yaml",
    "replicaCount: 2",
    "replicas: 2",
    "helm-values/unknown-field",
  ],
  [
    "a value of another kind",
    "helm/values.yaml",
    "replicaCount: 1",
    "replicaCount: many",
    "helm-values/type",
  ],
  ["a digest that is none", "helm/values.yaml", 'digest: ""', "digest: sha256:abc", "helm-values/pattern"],
  ["a schema that is no JSON", "helm/values.schema.json", "{", "[", "helm-values/schema"],
  [
    "a block that stays open",
    "helm/templates/deployment.yaml",
    "{{- end }}",
    "",
    "helm-template/unclosed-block",
  ],
  ["an end too many", "helm/templates/service.yaml", "spec:", "{{ end }}\nspec:", "helm-template/stray-end"],
  [
    "an action that stays open",
    "helm/templates/service.yaml",
    "{{ .Values.service.port }}",
    "{{ .Values.service.port }",
    "helm-template/unclosed-action",
  ],
  [
    "a template that is not defined",
    "helm/templates/service.yaml",
    "booking-service.fullname",
    "booking-service.name",
    "helm-template/unknown-template",
  ],
  [
    "a value that is misspelt in a template",
    "helm/templates/service.yaml",
    ".Values.service.port",
    ".Values.services.port",
    "helm-template/unknown-value",
  ],
];

describe("refused is", () => {
  test.each(knownBad)("%s", async (_what, path, from, to, rule) => {
    const found = await broken(path, from, to);
    expect(found.map((finding) => finding.rule)).toContain(rule);
    const finding = found.find((candidate) => candidate.rule === rule);
    expect(finding?.path).toBe(path);
    expect(finding?.suggestion).toMatch(/\w.*\.$/);
  });
});

test("a finding names the line where it is", async () => {
  const path = "k8s/base/deployment.yaml";
  const [finding] = await broken(path, "readinessProbe:", "readyProbe:");
  const lines =
    generated()
      .find((file) => file.path === path)
      ?.content.split("\n") ?? [];
  expect(lines[(finding?.line ?? 0) - 1]?.trim()).toBe("readinessProbe:");
  expect(finding?.message).toBe("spec.template.spec.containers.0 has no field readyProbe");
});

test("a file that is no YAML is left to the validator of YAML", async () => {
  expect(await kubernetesValidator.check({ path: "k8s/base/x.yaml", content: "a: [" }, [])).toEqual([]);
});
