import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deployable } from "../../../../test/support/deployables.ts";
import { isGenerated } from "../generated-mark.ts";
import type { GenerationSubject } from "../generator.ts";
import { manifestFiles } from "./manifest-files.ts";

function files(subject: GenerationSubject = deployable("node")): Record<string, string> {
  const made = manifestFiles(subject)?.files ?? [];
  return Object.fromEntries(made.map(({ path, content }) => [path, content]));
}

function read(path: string, subject?: GenerationSubject) {
  return parse(files(subject)[path] ?? "");
}

test("there is a base, and an overlay for each environment", () => {
  expect(Object.keys(files())).toEqual([
    "k8s/base/kustomization.yaml",
    "k8s/base/deployment.yaml",
    "k8s/base/networkpolicy.yaml",
    "k8s/base/service.yaml",
    "k8s/base/serviceaccount.yaml",
    "k8s/overlays/staging/kustomization.yaml",
    "k8s/overlays/staging/externalsecret.yaml",
    "k8s/overlays/production/kustomization.yaml",
    "k8s/overlays/production/poddisruptionbudget.yaml",
    "k8s/overlays/production/externalsecret.yaml",
  ]);
  expect(Object.values(files()).every(isGenerated)).toBe(true);
});

describe("the pod", () => {
  const pod = read("k8s/base/deployment.yaml").spec.template.spec;
  const [container] = pod.containers;

  test("has no root, no capability, no token, and writes nowhere but in /tmp and its data folder", () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "data", mountPath: "/data" },
    ]);
  });

  test("is probed as the module says, in whole seconds, and the file says what was rounded", () => {
    expect(container.startupProbe).toMatchObject({ periodSeconds: 1, failureThreshold: 100 });
    expect(files()["k8s/base/deployment.yaml"]).toContain("startupProbe.periodSeconds: 0.1 became 1");
  });

  test("is given secrets by name only", () => {
    expect(container.env).toContainEqual({
      name: "DATABASE_URL",
      valueFrom: { secretKeyRef: { name: "booking-service-secrets", key: "DATABASE_URL" } },
    });
  });

  test("says no user where the image is the module's own", () => {
    const own = deployable("node", { module: { runtime: "container", packageManager: "none" } });
    const { securityContext } = read("k8s/base/deployment.yaml", own).spec.template.spec;
    expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  });
});

test("an environment that people guard has two, and keeps one while a node is emptied", () => {
  const overlay = (name: string) => read(`k8s/overlays/${name}/kustomization.yaml`);
  expect(overlay("production").replicas).toEqual([{ name: "booking-service", count: 2 }]);
  expect(overlay("production").resources).toContain("poddisruptionbudget.yaml");
  expect(overlay("staging").replicas).toEqual([{ name: "booking-service", count: 1 }]);
  expect(overlay("staging").resources).not.toContain("poddisruptionbudget.yaml");
});

test("secrets come from the vault of the tenant's environment", () => {
  expect(read("k8s/overlays/production/externalsecret.yaml").spec).toMatchObject({
    secretStoreRef: { name: "vetclinic-001-production" },
    data: [
      {
        secretKey: "DATABASE_URL",
        remoteRef: { key: "vetclinic-001--production--booking-service--DATABASE-URL" },
      },
    ],
  });
});

test("the world is called on the ports that the module's resources need, its machine's credentials never", () => {
  const [, , world] = read("k8s/base/networkpolicy.yaml").spec.egress;
  expect(world.ports.map(({ port }: { port: number }) => port)).toEqual([443, 5432]);
  expect(world.to[0].ipBlock.except).toEqual(["169.254.169.254/32"]);
});

test("a build's version becomes a label and a tag", () => {
  const subject = deployable("go", { model: { version: "1.0.0-rc.1+build.7" } });
  const base = read("k8s/base/kustomization.yaml", subject);
  expect(base.images[0].newTag).toBe("1.0.0-rc.1_build.7");
  expect(base.labels[0].pairs["app.kubernetes.io/version"]).toBe("1.0.0-rc.1_build.7");
});

test("a module without configuration and secrets names none", () => {
  const overlay = files(deployable("go"))["k8s/overlays/staging/kustomization.yaml"] ?? "";
  expect(overlay).not.toContain("configMapGenerator");
  expect(Object.keys(files(deployable("go")))).not.toContain("k8s/overlays/staging/externalsecret.yaml");
});
