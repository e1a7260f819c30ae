import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type DeployableName, deployable, deployables } from "../../../../test/support/deployables.ts";
import { isGenerated } from "../generated-mark.ts";
import type { GenerationSubject } from "../generator.ts";
import { manifestFiles } from "../manifests/manifest-files.ts";
import { chartFiles } from "./chart-files.ts";

const names = Object.keys(deployables) as DeployableName[];

function files(subject: GenerationSubject = deployable("node")): Record<string, string> {
  const made = chartFiles(subject)?.files ?? [];
  return Object.fromEntries(made.map(({ path, content }) => [path, content]));
}

function values(name: string, subject?: GenerationSubject) {
  return parse(files(subject)[`helm/${name}`] ?? "");
}

describe.each(names)("the chart of a %s module", (name) => {
  const subject = deployable(name);

  test("accepts its own values and refuses what it does not know", () => {
    const check = new Ajv({ strict: false }).compile(
      JSON.parse(files(subject)["helm/values.schema.json"] ?? ""),
    );
    const defaults = values("values.yaml", subject);
    expect([check(defaults), check.errors]).toEqual([true, null]);
    const overlays = Object.keys(files(subject)).filter((path) => /^helm\/values-/.test(path));
    expect(overlays.length).toBeGreaterThan(1);
    for (const path of overlays)
      expect(check({ ...defaults, ...parse(files(subject)[path] ?? "") })).toBe(true);
    expect(check({ ...defaults, replicas: 3 })).toBe(false);
    expect(check({ ...defaults, replicaCount: "three" })).toBe(false);
  });

  test("says in every file where it comes from", () => {
    expect(Object.entries(files(subject)).filter(([, content]) => !isGenerated(content))).toEqual([]);
  });

  test("holds the facts of the plain manifests", () => {
    const manifest = manifestFiles(subject)?.files.find(({ path }) => path.endsWith("deployment.yaml"));
    const pod = parse(manifest?.content ?? "").spec.template.spec;
    const [container] = pod.containers;
    const defaults = values("values.yaml", subject);
    expect(defaults).toMatchObject({
      startupProbe: container.startupProbe,
      readinessProbe: container.readinessProbe,
      livenessProbe: container.livenessProbe,
      resources: container.resources,
      securityContext: container.securityContext,
      podSecurityContext: pod.securityContext,
      containerPort: container.ports[0].containerPort,
      portVariable: container.env[0].name,
    });
  });
});

test("an environment that people guard has two, and a budget of disruptions", () => {
  expect(values("values-production.yaml")).toMatchObject({
    replicaCount: 2,
    podDisruptionBudget: { enabled: true },
    secrets: { store: { name: "vetclinic-001-production" } },
  });
  expect(values("values-staging.yaml")).toMatchObject({
    replicaCount: 1,
    podDisruptionBudget: { enabled: false },
  });
});

test("an edition has values of its own beside each environment's", () => {
  const paths = Object.keys(files(deployable("java")));
  expect(paths).toContain("helm/values-production-premium.yaml");
  expect(values("values-production-premium.yaml", deployable("java"))).toEqual({
    commonLabels: { "delivery.connectsoft.com/edition": "premium" },
  });
  expect(Object.keys(files()).some((path) => path.includes("premium"))).toBe(false);
});

test("nothing is open to the world before someone says so", () => {
  const { ingress, httpRoute, service, networkPolicy } = values("values.yaml");
  expect([ingress.enabled, httpRoute.enabled, service.type, networkPolicy.enabled]).toEqual([
    false,
    false,
    "ClusterIP",
    true,
  ]);
});

test("a version that Helm would not take stands in appVersion alone", () => {
  const chart = (version: string) => values("Chart.yaml", deployable("python", { model: { version } }));
  expect(chart("2.0.0-rc.1")).toMatchObject({ version: "2.0.0-rc.1", appVersion: "2.0.0-rc.1" });
  expect(chart("2024.1")).toMatchObject({ version: "2024.1.0", appVersion: "2024.1" });
  expect(chart("1.0.0.dev3")).toMatchObject({ version: "1.0.0", appVersion: "1.0.0.dev3" });
});

test("a module in a monorepo has its chart in its own folder", () => {
  const paths = Object.keys(files(deployable("go", { model: { folder: "services/routing" } })));
  expect(paths.every((path) => path.startsWith("services/routing/helm/"))).toBe(true);
});
