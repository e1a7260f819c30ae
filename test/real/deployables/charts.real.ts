/** The chart as Helm renders it and the manifests as kustomize builds them: valid for Kubernetes, and the same pod. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { customKinds } from "../../../src/adapters/validator/kubernetes/custom-kinds.ts";
import type { GenerationSubject } from "../../../src/domain/pipeline/generator.ts";
import { type DeployableName, deployable, deployables } from "../../support/deployables.ts";
import { schemaKinds, strictSchema } from "./kubernetes-schema.ts";
import { publishedSchema } from "./published-schema.ts";
import { execute, helm, kubectl, type Tool } from "./tools.ts";
import { writeModule } from "./written-module.ts";

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec?: { template?: { spec: PodSpec }; replicas?: number };
}
interface PodSpec {
  containers: { envFrom?: { configMapRef: { name: string } }[] }[];
}

const [helmTool, kubectlTool, published] = [await helm(), await kubectl(), await publishedSchema()];
const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
if (published !== undefined) ajv.addSchema(strictSchema(published), "kubernetes");

const names = Object.keys(deployables) as DeployableName[];
const samples: [name: string, subject: GenerationSubject][] = [
  ...names.map((name): [string, GenerationSubject] => [name, deployable(name)]),
  ["container", deployable("node", { module: { runtime: "container", packageManager: "none" } })],
];
const everything = [
  ...[
    "ingress.enabled=true",
    "ingress.host=api.example.com",
    "ingress.tlsSecret=api",
    "ingress.className=nginx",
  ],
  ...[
    "httpRoute.enabled=true",
    "httpRoute.parentRefs[0].name=public",
    "httpRoute.hostnames[0]=api.example.com",
  ],
  ...[
    "autoscaling.enabled=true",
    "podDisruptionBudget.enabled=true",
    "extraEnv[0].name=A",
    "extraEnv[0].value=b",
  ],
  `image.digest=sha256:${"a".repeat(64)}`,
];

/** Secrets as files, by each provider of the Secrets Store CSI driver that the chart knows. */
const drivers = {
  azure: ["secrets.csi.provider=azure", "secrets.csi.parameters.keyvaultName=acme-production"],
  vault: ["secrets.csi.provider=vault", "secrets.csi.parameters.roleName=acme"],
};

describe.each(samples)("what is generated for a %s module", (_name, subject) => {
  const { moduleId, environments } = subject.model;
  const config = subject.module.needs.config.map((name) => `config.${name}=set`);
  let folder: string;
  beforeAll(async () => {
    folder = await writeModule(subject);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.for(environments)("$name is linted by Helm without a warning", async ({ name }, context) => {
    const { stdout } = await execute(programOf(helmTool, context), [
      ...["lint", "--strict", path.join(folder, "helm"), "--values", values(name)],
      ...settings(config),
    ]);
    expect(stdout).toContain("0 chart(s) failed");
    expect(stdout).not.toMatch(/\[(WARNING|ERROR)\]/);
  });

  test.for(environments)("$name is known to Kubernetes, field by field", async ({ name }, context) => {
    if (published === undefined) context.skip("the published schema of Kubernetes cannot be had here");
    for (const object of [
      ...(await rendered(name, context)),
      ...(await rendered(name, context, everything)),
      ...(await rendered(name, context, drivers.azure)),
      ...(await rendered(name, context, drivers.vault)),
      ...(await built(name, context)),
    ])
      expect([object.kind, object.metadata.name, problemsOf(object)]).toEqual([
        object.kind,
        object.metadata.name,
        [],
      ]);
  });

  test.for(environments)("$name runs the same pod by chart and by manifest", async ({ name }, context) => {
    const chart = deploymentOf(await rendered(name, context));
    const manifest = deploymentOf(await built(name, context));
    expect(chart.spec?.template?.spec).toEqual(withPlainNames(manifest.spec?.template?.spec));
    expect(chart.spec?.replicas).toBe(manifest.spec?.replicas);
  });

  test("a configuration that is empty is refused by its name", async (context) => {
    const program = programOf(helmTool, context);
    const [first] = config;
    if (first === undefined) context.skip("this module needs no configuration");
    await expect(execute(program, ["template", moduleId, path.join(folder, "helm")])).rejects.toThrow(
      /CURRENCY is empty/,
    );
  });

  test("an image is taken by its digest where one is given", async (context) => {
    const objects = await rendered(environments[0]?.name ?? "", context, everything);
    const [container] = deploymentOf(objects).spec?.template?.spec.containers ?? [];
    expect(container).toMatchObject({ image: `vetclinic-001/${moduleId}@sha256:${"a".repeat(64)}` });
  });

  test.for(Object.entries(drivers))(
    "secrets are files of the CSI driver with the provider %s, and in no variable",
    async ([provider, more], context) => {
      const { secrets } = subject.module.needs;
      if (secrets.length === 0) context.skip("this module needs no secrets");
      const objects = await rendered(environments[0]?.name ?? "", context, more);
      const fetched = objects.find(({ kind }) => kind === "SecretProviderClass") ?? expect.fail();
      expect(fetched.spec).toMatchObject({ provider });
      const listed = parse((fetched.spec as { parameters: { objects: string } }).parameters.objects);
      const named: { objectName: string; objectAlias?: string }[] =
        provider === "azure" ? listed.array.map((one: string) => parse(one)) : listed;
      expect(named.map(({ objectName, objectAlias = objectName }) => objectAlias).toSorted()).toEqual(
        secrets.toSorted(),
      );
      expect(objects.some(({ kind }) => kind === "ExternalSecret")).toBe(false);
      const [container] = deploymentOf(objects).spec?.template?.spec.containers ?? [];
      const variables = (container as unknown as { env: { name: string; value?: string }[] }).env;
      for (const name of secrets) {
        expect(variables).toContainEqual({ name: `${name}_FILE`, value: `/run/secrets/connectsoft/${name}` });
        expect(variables.map((one) => one.name)).not.toContain(name);
      }
    },
  );

  async function rendered(environment: string, context: TestContext, more: string[] = []) {
    const chart = ["template", moduleId, path.join(folder, "helm"), "--values", values(environment)];
    const { stdout } = await execute(programOf(helmTool, context), [
      ...chart,
      ...settings([...config, ...more]),
    ]);
    return objectsIn(stdout);
  }

  async function built(environment: string, context: TestContext) {
    const overlay = path.join(folder, "k8s/overlays", environment);
    const { stdout } = await execute(programOf(kubectlTool, context), ["kustomize", overlay]);
    return objectsIn(stdout);
  }

  function values(environment: string): string {
    return path.join(folder, `helm/values-${environment}.yaml`);
  }

  /** The generator names a map by what it holds. */
  function withPlainNames(pod: PodSpec | undefined): PodSpec | undefined {
    for (const { envFrom = [] } of pod?.containers ?? [])
      for (const { configMapRef } of envFrom)
        configMapRef.name = configMapRef.name.replace(/-[a-z0-9]{10}$/, "");
    return pod;
  }
});

function programOf(tool: Tool, context: TestContext): string {
  if ("missing" in tool) context.skip(tool.missing);
  else return tool.program;
  return "";
}

function settings(values: string[]): string[] {
  return values.flatMap((value) => ["--set", value]);
}

function objectsIn(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

function deploymentOf(objects: KubernetesObject[]): KubernetesObject {
  const found = objects.find(({ kind }) => kind === "Deployment");
  if (found === undefined) throw new Error("no Deployment among them");
  return found;
}

/** HTTPRoute is of the Gateway API, whose schema is no part of Kubernetes'. */
function problemsOf(object: KubernetesObject): unknown[] {
  const kind = `${object.apiVersion}/${object.kind}`;
  if (kind === "gateway.networking.k8s.io/v1/HTTPRoute") return [];
  const schema = Object.hasOwn(schemaKinds, kind)
    ? { $ref: `kubernetes#/kinds/${kind.replaceAll("/", "~1")}` }
    : customKinds[kind];
  if (schema === undefined) return [`${kind} is not known`];
  const check = ajv.compile(schema);
  return check(object) ? [] : (check.errors ?? []);
}
