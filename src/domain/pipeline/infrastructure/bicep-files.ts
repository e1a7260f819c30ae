/** infrastructure/bicep: the template, and a file of parameters an environment. */
import { generatedBy } from "../generated-mark.ts";
import { inModule, type PipelineModel, type RenderedFile } from "../pipeline-model.ts";
import { bicepTemplate } from "./bicep-template.ts";
import type { EnvironmentInfrastructure, ModuleInfrastructure } from "./module-infrastructure.ts";
import { platformValues } from "./pulumi-files.ts";

const folder = "infrastructure/bicep";

export function bicepFiles(model: PipelineModel, infrastructure: ModuleInfrastructure): RenderedFile[] {
  const path = (name: string) => inModule(model, `${folder}/${name}`);
  return [
    { path: path("main.bicep"), content: bicepTemplate(infrastructure) },
    ...infrastructure.environments.map((one) => ({
      path: path(`main.${one.environment}.bicepparam`),
      content: parameters(infrastructure, one),
    })),
  ];
}

function parameters(infrastructure: ModuleInfrastructure, one: EnvironmentInfrastructure): string {
  const { hasSecrets, resources } = infrastructure;
  const { postgresql, queue, redis, storage } = resources;
  const lines = [
    `// ${generatedBy(infrastructure)}`,
    "using 'main.bicep'",
    "",
    `param names = ${literal(one.names)}`,
    `param tags = ${literal(one.tags)}`,
    `param serviceAccount = ${literal(one.serviceAccount)}`,
    ...(postgresql.length + storage.length > 0 ? [`param isProtected = ${one.isProtected}`] : []),
    ...(hasSecrets ? [`param secrets = ${literal(one.secrets)}`] : []),
    ...(postgresql.length > 0 ? [`param databases = ${literal(one.databases)}`] : []),
    ...(redis.length > 0 ? [`param redis = ${literal(one.redis)}`] : []),
    ...(storage.length > 0 ? [`param containers = ${literal(one.containers)}`] : []),
    ...(queue.length > 0 ? [`param queues = ${literal(one.queues)}`] : []),
    "",
    "// What the platform knows comes from the environment of whoever deploys.",
    ...platformValues(infrastructure).map(
      (name) => `param ${name} = readEnvironmentVariable(${literal(variableOf(name))})`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** `privateEndpointSubnetId` as `PRIVATE_ENDPOINT_SUBNET_ID`. */
function variableOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function literal(value: string | readonly string[] | Record<string, string>): string {
  if (typeof value === "string")
    return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("${", "\\${")}'`;
  if (Array.isArray(value))
    return value.length === 0 ? "[]" : `[\n${value.map((one) => `  ${literal(one)}\n`).join("")}]`;
  const members = Object.entries(value).map(([key, one]) => `  ${key}: ${literal(one)}\n`);
  return `{\n${members.join("")}}`;
}
