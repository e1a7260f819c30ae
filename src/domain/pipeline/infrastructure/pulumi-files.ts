/** infrastructure/pulumi: the program, a stack an environment, and a summary of both. */
import { generatedBy } from "../generated-mark.ts";
import { inModule, type PipelineModel, type RenderedFile } from "../pipeline-model.ts";
import { yamlFile } from "../yaml-file.ts";
import type { EnvironmentInfrastructure, ModuleInfrastructure } from "./module-infrastructure.ts";
import { pulumiProgram } from "./pulumi-program.ts";

const folder = "infrastructure/pulumi";
/** Also the name under which a stack's values stand. */
const projectOf = ({ tenantId, moduleId }: ModuleInfrastructure) => `${tenantId}-${moduleId}`;

export function pulumiFiles(model: PipelineModel, infrastructure: ModuleInfrastructure): RenderedFile[] {
  const path = (name: string) => inModule(model, `${folder}/${name}`);
  const project = {
    name: projectOf(infrastructure),
    runtime: { name: "nodejs", options: { packagemanager: "npm" } },
    description: `What ${model.moduleId} has of the cloud`,
  };
  return [
    yamlFile(model, path("Pulumi.yaml"), project),
    ...infrastructure.environments.map((one) =>
      yamlFile(model, path(`Pulumi.${one.environment}.yaml`), { config: stackConfig(infrastructure, one) }),
    ),
    { path: path("index.ts"), content: pulumiProgram(infrastructure) },
    { path: path("package.json"), content: json(packageFile(model)) },
    { path: path("tsconfig.json"), content: `// ${generatedBy(model)}\n${json(tsconfig)}` },
    { path: path("PulumiStack.json"), content: json(summary(model, infrastructure)) },
  ];
}

/** What the platform knows is set by `pulumi config set`: it is not the module's to say. */
function stackConfig(infrastructure: ModuleInfrastructure, one: EnvironmentInfrastructure): object {
  const { resources, hasSecrets } = infrastructure;
  const values = {
    names: one.names,
    tags: one.tags,
    isProtected: one.isProtected,
    serviceAccount: one.serviceAccount,
    ...(hasSecrets ? { secrets: one.secrets } : {}),
    ...(resources.postgresql.length > 0 ? { databases: one.databases } : {}),
    ...(resources.redis.length > 0 ? { redis: one.redis } : {}),
    ...(resources.storage.length > 0 ? { containers: one.containers } : {}),
    ...(resources.queue.length > 0 ? { queues: one.queues } : {}),
  };
  const project = projectOf(infrastructure);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${project}:${key}`, value]));
}

/** Values that only the platform knows. */
export function platformValues({ resources }: ModuleInfrastructure): string[] {
  const isPrivate = Object.values(resources).some((names) => names.length > 0);
  const database = ["databaseAdministratorsId", "databaseAdministratorsName"];
  return [
    "ciIssuer",
    "ciSubject",
    "clusterOidcIssuer",
    ...(resources.postgresql.length > 0 ? database : []),
    ...(isPrivate ? ["privateEndpointSubnetId"] : []),
  ];
}

function packageFile(model: PipelineModel): object {
  return {
    name: `${model.moduleId}-infrastructure`,
    description: generatedBy(model),
    private: true,
    main: "index.ts",
    dependencies: { "@pulumi/azure-native": "^3.0.0", "@pulumi/pulumi": "^3.0.0" },
    devDependencies: { "@types/node": "^24.0.0", typescript: "^5.0.0" },
  };
}

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  files: ["index.ts"],
};

function summary(model: PipelineModel, infrastructure: ModuleInfrastructure): object {
  return {
    $comment: generatedBy(model),
    schemaVersion: 1,
    tenant: model.tenantId,
    module: model.moduleId,
    project: projectOf(infrastructure),
    folder: inModule(model, folder),
    resources: infrastructure.resources,
    setByPlatform: ["azure-native:location", ...platformValues(infrastructure)],
    stacks: infrastructure.environments.map(({ environment, names, redis, secrets, tags }) => ({
      environment,
      names,
      redis,
      secrets,
      tags,
    })),
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
