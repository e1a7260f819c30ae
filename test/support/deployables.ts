/** Modules of every language as their pipelines see them, for what is generated to run them. */

import { type ModuleSpec, moduleSpecSchema } from "../../src/domain/module/module-spec.ts";
import type { GenerationSubject } from "../../src/domain/pipeline/generator.ts";
import { modelFor } from "../../src/domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../src/domain/pipeline/pipeline-model.ts";

const pip = [
  "--quiet",
  "--disable-pip-version-check",
  "--no-input",
  "--no-compile",
  "--only-binary",
  ":all:",
];

export const deployables = {
  node: {
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
  python: {
    id: "pricing-service",
    runtime: "python",
    runtimeVersion: "3.13",
    packageManager: "uv",
    manifestFiles: ["pyproject.toml", "uv.lock"],
    install: [
      {
        name: "install-tool",
        run: ["python3", "-m", "pip", "install", ...pip, "--target", ".tools", "uv==0.13.9"],
      },
      {
        name: "export",
        run: [
          ".tools/bin/uv",
          "export",
          "--frozen",
          "--no-emit-project",
          "--no-dev",
          "--output-file",
          ".requirements.lock.txt",
        ],
        environment: { UV_PYTHON_DOWNLOADS: "never" },
      },
      {
        name: "install",
        run: [
          "python3",
          "-m",
          "pip",
          "install",
          ...pip,
          "--target",
          ".packages",
          "--no-deps",
          "-r",
          ".requirements.lock.txt",
        ],
      },
      {
        name: "install-tests",
        run: ["python3", "-m", "pip", "install", ...pip, "--target", ".packages-test", "pytest"],
      },
    ],
    start: ["python3", "-m", "pricing"],
    environment: { PYTHONPATH: ".packages:src", PYTHONUNBUFFERED: "1" },
  },
  go: {
    id: "routing-service",
    runtime: "go",
    runtimeVersion: "1.26",
    packageManager: "go",
    manifestFiles: ["go.mod", "go.sum"],
    build: ["go", "build", "-trimpath", "-o", "bin/routing-service", "./cmd/routing"],
    start: ["./bin/routing-service"],
  },
  java: {
    id: "billing-service",
    runtime: "java",
    runtimeVersion: "21",
    packageManager: "maven",
    framework: "spring-boot",
    manifestFiles: ["pom.xml"],
    build: ["mvn", "-B", "-ntp", "package", "-DskipTests"],
    start: ["java", "-jar", "target/billing-service-1.0.0.jar"],
    portVariable: "SERVER_PORT",
    needs: { config: [], secrets: ["STRIPE_KEY"] },
    editionId: "premium",
  },
  dotnet: {
    id: "identity-service",
    runtime: "dotnet",
    runtimeVersion: "10.0",
    packageManager: "dotnet",
    manifestFiles: ["src/Identity/Identity.csproj", "src/Identity/packages.lock.json"],
    build: ["dotnet", "publish", "src/Identity/Identity.csproj", "-c", "Release", "-o", "out"],
    start: ["dotnet", "out/Identity.dll"],
    portVariable: "ASPNETCORE_HTTP_PORTS",
  },
} satisfies Record<string, Partial<ModuleSpec>>;

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
  const module = moduleSpecSchema.parse({
    version: "1.0.0",
    locked: true,
    port: 8080,
    probes,
    needs: { config: [], secrets: [] },
    ...deployables[name],
    ...otherwise.module,
  });
  const model = modelFor({
    tenantId: "vetclinic-001",
    module,
    folder: "",
    targetBranch: "main",
    environments: [
      { name: "staging", requiresApproval: false },
      { name: "production", requiresApproval: true },
    ],
  });
  return { module, model: { ...model, ...otherwise.model } };
}
