/** What a module says of itself in `module.yaml`, completed by convention; all of it optional for the author. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { modulePolicySchema } from "../tenant/module-policy.ts";
import { secretsAsSchema } from "../vault/secrets-as.ts";

/** A shell-free command line: the program and its arguments. */
export const commandSchema = z.array(z.string().min(1)).min(1);
export type Command = z.infer<typeof commandSchema>;

/** Kubernetes' probe semantics and names; durations in seconds as there. */
export const probeSchema = z
  .object({
    httpGet: z.object({ path: z.string().startsWith("/") }).optional(),
    tcpSocket: z.object({}).optional(),
    /** The standard health service, grpc.health.v1; `service` as there. */
    grpc: z.object({ service: z.string().optional() }).optional(),
    exec: z.object({ command: commandSchema }).optional(),
    initialDelaySeconds: z.number().min(0).default(0),
    periodSeconds: z.number().positive().default(1),
    timeoutSeconds: z.number().positive().default(1),
    successThreshold: z.int().min(1).default(1),
    failureThreshold: z.int().min(1).default(3),
    /** How long an instance has to end that failed this probe, where that is not what every end has. */
    terminationGracePeriodSeconds: z.int().min(1).optional(),
  })
  .strict();
export type Probe = z.infer<typeof probeSchema>;

export const probesSchema = z
  .object({ startup: probeSchema, readiness: probeSchema, liveness: probeSchema })
  .strict();
export type Probes = z.infer<typeof probesSchema>;

export const runtimeSchema = z.enum(["node", "python", "go", "dotnet", "java", "container"]);
export type Runtime = z.infer<typeof runtimeSchema>;

export const packageManagerSchema = z.enum([
  "npm",
  "pnpm",
  "yarn",
  "pip",
  "poetry",
  "uv",
  "go",
  "dotnet",
  "maven",
  "gradle",
  "none",
]);
export type PackageManager = z.infer<typeof packageManagerSchema>;

export const coverageFormatSchema = z.enum(["cobertura", "lcov", "jacoco"]);

/** Where the module's own test run leaves its reports, relative to the module. */
export const reportsSchema = z
  .object({
    /** Paths or globs (`*`, `**`) of JUnit XML files. */
    junit: z.array(z.string()).optional(),
    coverage: z.object({ format: coverageFormatSchema, path: z.string() }).strict().optional(),
  })
  .strict();
export type Reports = z.infer<typeof reportsSchema>;

/** `install`, or `install-...`, for what fetches from registries; under another name it can do without a network. */
export const installStepSchema = z
  .object({
    name: z.string(),
    run: commandSchema,
    /** Variables of this step alone. */
    environment: z.record(z.string(), z.string()).optional(),
  })
  .strict();
export type InstallStep = z.infer<typeof installStepSchema>;

/** `h2c`: HTTP/2 without TLS, as gRPC services speak it. */
export const protocolSchema = z.enum(["http", "h2c"]);
export type Protocol = z.infer<typeof protocolSchema>;

/** What one instance may use. */
export const limitsSchema = z
  .object({
    processes: z.int().min(1).optional(),
    memoryBytes: z.int().min(1).optional(),
    /** Cores: 0.5 is half of one. */
    cpus: z.number().positive().optional(),
  })
  .strict();
export type Limits = z.infer<typeof limitsSchema>;

/** A command that a release needs once, and how it is taken back; without `undo` it cannot be. */
export const migrationSchema = z
  .object({
    run: commandSchema,
    undo: commandSchema.optional(),
    timeoutSeconds: z.number().positive().default(600),
  })
  .strict();
export type Migration = z.infer<typeof migrationSchema>;

/** What the blueprint needs of the cloud; the names are the module's own. */
export const resourceSchema = z
  .object({ kind: z.enum(["postgresql", "redis", "storage", "queue"]), name: slug })
  .strict();
export type Resource = z.infer<typeof resourceSchema>;

export const moduleSpecSchema = z
  .object({
    id: slug,
    version: z.string(),
    runtime: runtimeSchema,
    /** Major, or major.minor where the language counts so: `24`, `3.13`, `1.25`, `21`. */
    runtimeVersion: z.string().optional(),
    packageManager: packageManagerSchema,
    /** Exact, where the module pins it. */
    packageManagerVersion: z.string().optional(),
    /** `express`, `fastapi`, `spring-boot`: where it can be read. */
    framework: z.string().optional(),
    /** Whether the module comes with a lock file; without one it is resolved once, at build. */
    locked: z.boolean(),
    /** The files that say what it depends on, lock file included: what a cache and an image layer are keyed by. */
    manifestFiles: z.array(z.string()).optional(),
    /** How its dependencies are resolved, where that was read from its files and does not follow from the rest. */
    install: z.array(installStepSchema).optional(),
    build: commandSchema.optional(),
    test: commandSchema.optional(),
    start: commandSchema,
    /** Fixed variables that building, testing and running need, such as PYTHONPATH. Never a secret. */
    environment: z.record(z.string(), z.string()).optional(),
    /** Variables of the test step alone: they make its runner write its reports, and find what only tests need. */
    testEnvironment: z.record(z.string(), z.string()).optional(),
    /** The environment variable through which the process is told its port. */
    portVariable: z.string().default("PORT"),
    port: z.int().min(1).max(65535).optional(),
    probes: probesSchema,
    reports: reportsSchema.optional(),
    /** Instances; 1 where absent. */
    replicas: z.int().min(1).max(100).optional(),
    limits: limitsSchema.optional(),
    protocol: protocolSchema.optional(),
    /** Prefix on the environment's shared host name, beside the module's own name. */
    path: z.string().startsWith("/").optional(),
    /** It listens on `port`, whatever its variable says: one release of it runs at a time. */
    fixedPort: z.boolean().optional(),
    terminationGracePeriodSeconds: z.number().min(0).max(3_600).optional(),
    /** Before a release gets traffic, and after it has all of it. */
    migrate: z
      .object({ before: migrationSchema.optional(), after: migrationSchema.optional() })
      .strict()
      .optional(),
    /** How it takes its secrets; by its environment where absent. */
    secretsAs: secretsAsSchema.optional(),
    /** Modules of the tenant that serve an environment before this one is deployed there. */
    dependsOn: z.array(slug).optional(),
    /** Names of configuration keys and secrets that must be set before the module can run, and cloud resources. */
    needs: z.object({
      config: z.array(z.string()),
      secrets: z.array(z.string()),
      resources: z.array(resourceSchema).optional(),
    }),
    needsInfrastructure: z.boolean().default(false),
    /** `own`: the module keeps its hand-written pipeline, nothing is generated over or beside it. */
    pipeline: z.enum(["generate", "own"]).default("generate"),
    complianceMode: z.boolean().default(false),
    editionId: slug.optional(),
    /** What it asks of its own releases beside the tenant's policy. */
    policy: modulePolicySchema.optional(),
  })
  .strict();
export type ModuleSpec = z.infer<typeof moduleSpecSchema>;
