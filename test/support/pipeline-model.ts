/** Pipeline models for tests: one a language, as recognition would make them, and what the test says otherwise. */
import type { Command, Runtime } from "../../src/domain/module/module-spec.ts";
import type { PipelineModel } from "../../src/domain/pipeline/pipeline-model.ts";

/** A Node service with a build and tests. */
export function samplePipelineModel(otherwise: Partial<PipelineModel> = {}): PipelineModel {
  return samplePipelineModelOf("node", otherwise);
}

export function samplePipelineModelOf(
  runtime: Runtime,
  otherwise: Partial<PipelineModel> = {},
): PipelineModel {
  return {
    tenantId: "vetclinic-001",
    moduleId: "booking-service",
    version: "1.0.0",
    folder: "",
    locked: true,
    targetBranch: "main",
    environments: [
      { name: "staging", requiresApproval: false },
      { name: "production", requiresApproval: true },
    ],
    environment: {},
    retry: { limit: 1, backoffSeconds: 5 },
    ...byRuntime[runtime],
    ...otherwise,
  };
}

/** Every language that a dialect has to write pipelines for. */
export const sampleRuntimes: readonly Runtime[] = ["node", "python", "go", "dotnet", "java", "container"];

type Language = Pick<
  PipelineModel,
  "runtime" | "packageManager" | "manifestFiles" | "stages" | "prune" | "caches" | "reports"
>;

const byRuntime: Record<Runtime, Language> = {
  node: {
    runtime: { name: "node", version: "24" },
    packageManager: "npm",
    manifestFiles: ["package.json", "package-lock.json"],
    stages: stages({
      install: ["npm", "ci", "--include=dev", "--ignore-scripts"],
      build: ["npm", "run", "build"],
      test: ["npm", "test"],
    }),
    prune: ["npm", "prune", "--omit=dev", "--ignore-scripts"],
    caches: [{ name: "npm", variable: "npm_config_cache", folder: ".npm" }],
    reports: { junit: ["reports/junit.xml"], coverage: { format: "lcov", path: "coverage/lcov.info" } },
  },
  python: {
    runtime: { name: "python", version: "3.13" },
    packageManager: "uv",
    manifestFiles: ["pyproject.toml", "uv.lock"],
    stages: [
      {
        name: "build",
        steps: [
          step("install-tool", ["python", "-m", "pip", "install", "--target", ".tools", "uv==0.13.9"]),
          step("export", [".tools/bin/uv", "export", "--frozen", "--output-file", ".requirements.lock.txt"]),
          step("install", [
            "python",
            "-m",
            "pip",
            "install",
            "--target",
            ".packages",
            "-r",
            ".requirements.lock.txt",
          ]),
        ],
      },
      {
        name: "test",
        steps: [
          {
            ...step("test", ["python", "-m", "pytest", "--junit-xml=junit.xml"]),
            environment: { PYTHONPATH: ".packages:.packages-test" },
          },
        ],
      },
    ],
    prune: ["rm", "-rf", ".packages-test", ".tools", ".requirements.lock.txt"],
    caches: [{ name: "pip", variable: "PIP_CACHE_DIR", folder: ".cache/pip" }],
    reports: { junit: ["junit.xml"], coverage: { format: "cobertura", path: "coverage.xml" } },
  },
  go: {
    runtime: { name: "go", version: "1.26" },
    packageManager: "go",
    manifestFiles: ["go.mod", "go.sum"],
    stages: stages({
      install: ["go", "mod", "download"],
      build: ["go", "build", "-trimpath", "-o", "bin/", "./..."],
      test: ["go", "test", "-v", "./..."],
    }),
    caches: [
      { name: "go-modules", variable: "GOMODCACHE", folder: ".go/modules" },
      { name: "go-build", variable: "GOCACHE", folder: ".go/build" },
    ],
    reports: {},
  },
  dotnet: {
    runtime: { name: "dotnet", version: "10.0" },
    packageManager: "dotnet",
    manifestFiles: ["Booking.csproj", "packages.lock.json"],
    stages: stages({
      install: ["dotnet", "restore", "--locked-mode"],
      build: ["dotnet", "publish", "--no-restore", "--output", "out"],
      test: ["dotnet", "test", "--logger", "junit"],
    }),
    caches: [{ name: "nuget", variable: "NUGET_PACKAGES", folder: ".nuget/packages" }],
    reports: { junit: ["**/TestResults/*.xml"] },
  },
  java: {
    runtime: { name: "java", version: "21" },
    packageManager: "maven",
    manifestFiles: ["pom.xml"],
    stages: stages({
      build: ["mvn", "--batch-mode", "-DskipTests", "package"],
      test: ["mvn", "--batch-mode", "verify"],
    }),
    caches: [
      {
        name: "maven",
        variable: "MAVEN_USER_HOME",
        folder: ".m2",
        option: { variable: "MAVEN_OPTS", value: "-Dmaven.repo.local={}/repository" },
      },
    ],
    reports: {
      junit: ["target/surefire-reports/*.xml"],
      coverage: { format: "jacoco", path: "target/site/jacoco/jacoco.xml" },
    },
  },
  container: {
    runtime: { name: "container", version: "" },
    packageManager: "none",
    manifestFiles: ["Dockerfile"],
    stages: [],
    caches: [],
    reports: {},
  },
};

function stages(run: { install?: Command; build?: Command; test: Command }): PipelineModel["stages"] {
  const optional = (name: string, command: Command | undefined) =>
    command === undefined ? [] : [step(name, command)];
  return [
    { name: "build", steps: [...optional("install", run.install), ...optional("build", run.build)] },
    { name: "test", steps: [step("test", run.test)] },
  ];
}

function step(name: string, run: Command): PipelineModel["stages"][number]["steps"][number] {
  return { name, run, timeoutSeconds: 600 };
}
