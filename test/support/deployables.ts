/** Modules of every language as their pipelines see them, for what is generated to run them. */

import { type Command, type ModuleSpec, moduleSpecSchema } from "../../src/domain/module/module-spec.ts";
import type { GenerationSubject } from "../../src/domain/pipeline/generator.ts";
import type { PipelineModel } from "../../src/domain/pipeline/pipeline-model.ts";

interface Sample {
  module: Partial<ModuleSpec>;
  install?: Command;
  prune?: Command;
}

const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

export const deployables = {
  node: {
    module: {
      id: "booking-service",
      runtime: "node",
      runtimeVersion: "24",
      packageManager: "npm",
      manifestFiles: ["package.json", "package-lock.json"],
      build: ["npm", "run", "build"],
      start: ["node", "dist/main.js"],
      needs: {
        config: ["CURRENCY", "LOG_LEVEL"],
        secrets: ["DATABASE_URL"],
        resources: [{ kind: "postgresql", name: "bookings" }],
      },
    },
    install: ["npm", "ci", "--include=dev", ...quiet],
    prune: ["npm", "prune", "--omit=dev", ...quiet],
  },
  python: {
    module: {
      id: "pricing-service",
      runtime: "python",
      runtimeVersion: "3.13",
      packageManager: "uv",
      manifestFiles: ["pyproject.toml", "uv.lock"],
      start: ["uv", "run", "python", "-m", "pricing"],
      environment: { PYTHONPATH: "src" },
    },
    install: ["uv", "sync", "--frozen"],
  },
  go: {
    module: {
      id: "routing-service",
      runtime: "go",
      runtimeVersion: "1.26",
      packageManager: "go",
      manifestFiles: ["go.mod", "go.sum"],
      build: ["go", "build", "-o", "bin/routing-service", "./cmd/routing"],
      start: ["./bin/routing-service"],
    },
    install: ["go", "mod", "download"],
  },
  java: {
    module: {
      id: "billing-service",
      runtime: "java",
      runtimeVersion: "21",
      packageManager: "maven",
      framework: "spring-boot",
      manifestFiles: ["pom.xml"],
      build: ["mvn", "--batch-mode", "-DskipTests", "package"],
      start: ["java", "-jar", "target/billing-service-1.0.0.jar"],
      portVariable: "SERVER_PORT",
      needs: { config: [], secrets: ["STRIPE_KEY"] },
      editionId: "premium",
    },
    install: ["mvn", "--batch-mode", "dependency:go-offline"],
  },
  dotnet: {
    module: {
      id: "identity-service",
      runtime: "dotnet",
      runtimeVersion: "10.0",
      packageManager: "dotnet",
      manifestFiles: ["src/Identity/Identity.csproj", "src/Identity/packages.lock.json"],
      build: [
        "dotnet",
        "publish",
        "src/Identity/Identity.csproj",
        "--no-restore",
        "-c",
        "Release",
        "-o",
        "out",
      ],
      start: ["dotnet", "out/Identity.dll"],
      portVariable: "ASPNETCORE_HTTP_PORTS",
    },
    install: ["dotnet", "restore", "src/Identity/Identity.csproj", "--locked-mode"],
  },
} satisfies Record<string, Sample>;

export type DeployableName = keyof typeof deployables;

const probes = {
  startup: { httpGet: { path: "/health/live" }, periodSeconds: 0.1, failureThreshold: 100 },
  readiness: { httpGet: { path: "/health/ready" }, periodSeconds: 0.5, failureThreshold: 3 },
  liveness: { httpGet: { path: "/health/live" }, periodSeconds: 10, failureThreshold: 3 },
};

export function deployable(
  name: DeployableName,
  otherwise: { module?: Partial<ModuleSpec>; model?: Partial<PipelineModel> } = {},
): GenerationSubject {
  const sample: Sample = deployables[name];
  const module = moduleSpecSchema.parse({
    version: "1.0.0",
    locked: true,
    port: 8080,
    probes,
    needs: { config: [], secrets: [] },
    ...sample.module,
    ...otherwise.module,
  });
  return { module, model: { ...modelOf(module, sample), ...otherwise.model } };
}

function modelOf(module: ModuleSpec, { install, prune }: Sample): PipelineModel {
  const steps = [
    ...(install === undefined ? [] : [{ name: "install", run: install, timeoutSeconds: 900 }]),
    ...(module.build === undefined ? [] : [{ name: "build", run: module.build, timeoutSeconds: 900 }]),
  ];
  return {
    tenantId: "vetclinic-001",
    moduleId: module.id,
    version: module.version,
    folder: "",
    runtime: { name: module.runtime, version: module.runtimeVersion ?? "" },
    packageManager: module.packageManager,
    locked: module.locked,
    manifestFiles: module.manifestFiles ?? [],
    targetBranch: "main",
    environments: [
      { name: "staging", requiresApproval: false },
      { name: "production", requiresApproval: true },
    ],
    environment: module.environment ?? {},
    stages: steps.length === 0 ? [] : [{ name: "build", steps }],
    ...(prune === undefined ? {} : { prune }),
    caches: [],
    reports: {},
    retry: { limit: 1, backoffSeconds: 5 },
  };
}
