/** `module.yaml`: everything in it is optional, nothing in it is guessed at; a problem has its line and column. */
import { z } from "zod";
import { closest } from "../flow/flow-problem.ts";
import { readYaml, type YamlPath, type YamlSource } from "../flow/read-yaml.ts";
import { refuse } from "../refusal.ts";
import { slug } from "../scope.ts";
import { modulePolicySchema } from "../tenant/module-policy.ts";
import { secretsAsSchema } from "../vault/secrets-as.ts";
import { readCommand } from "./command-words.ts";
import {
  type Command,
  packageManagerSchema,
  protocolSchema,
  reportsSchema,
  resourceSchema,
  runtimeSchema,
} from "./module-spec.ts";

const name = "module.yaml";

const words = {
  description: "One line of plain words, or a list of words; no shell reads it.",
  anyOf: [
    { type: "string" as const },
    { type: "array" as const, items: { type: "string" as const }, minItems: 1 },
  ],
};
const command = z
  .unknown()
  .meta(words)
  .transform((given, context): Command => {
    const read = readCommand(given);
    if ("command" in read) return read.command;
    context.addIssue({ code: "custom", message: read.problem });
    return z.NEVER;
  });

/** Says all of a closed list, or the nearest of it. */
function unknownOf(what: string, known: readonly string[]) {
  return ({ input }: { input: unknown }) => {
    const near = closest(String(input), known);
    if (near === undefined) return `expected ${what}: ${known.join(", ")}`;
    return `${JSON.stringify(input)} is not ${what}; did you mean ${near}?`;
  };
}

const runtimes = runtimeSchema.options;
const managers = packageManagerSchema.options;

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable such as DATABASE_URL");
const path = z.string().startsWith("/", "expected a path such as /healthz");
const seconds = z.number().max(86_400);

const timing = {
  initialDelaySeconds: seconds.min(0).optional(),
  periodSeconds: seconds.positive().optional(),
  timeoutSeconds: seconds.positive().optional(),
  successThreshold: z.int().min(1).optional(),
  failureThreshold: z.int().min(1).optional(),
};
const probe = z.strictObject({
  httpGet: z.strictObject({ path }).optional(),
  tcpSocket: z.strictObject({}).optional(),
  grpc: z.strictObject({ service: z.string().optional() }).optional(),
  exec: z.strictObject({ command }).optional(),
  ...timing,
});
/** As in Kubernetes, a probe that ends an instance when it fails has to succeed once only. */
const endingProbe = probe.extend({
  successThreshold: z
    .literal(1, { error: "expected 1, as in Kubernetes; only readiness counts successes" })
    .optional(),
  terminationGracePeriodSeconds: z.int().min(1).max(3_600).optional(),
});
export type ProbeDeclaration = z.infer<typeof probe>;

const size = z
  .string()
  .regex(/^[1-9]\d*(Ki|Mi|Gi)$/, "expected a size such as 256Mi")
  .transform((text) => Number.parseInt(text, 10) * 1024 ** (1 + ["Ki", "Mi", "Gi"].indexOf(text.slice(-2))));
const migration = z.strictObject({
  run: command,
  undo: command.optional(),
  timeoutSeconds: seconds.positive().optional(),
});

export const moduleFileSchema = z.strictObject({
  id: slug.optional(),
  version: z.string().optional(),
  /** Decides where a folder could be read as several languages, or as none. */
  runtime: z.enum(runtimes, { error: unknownOf("a runtime", runtimes) }).optional(),
  /** Decides where several could resolve it, as with two lock files. */
  packageManager: z.enum(managers, { error: unknownOf("a package manager", managers) }).optional(),
  /** One that is looked after; stronger than what the language's own files ask for. */
  runtimeVersion: z
    .union([z.string(), z.int()], {
      error: "expected a version in quotes, such as '3.13', as 3.10 would be 3.1",
    })
    .transform(String)
    .optional(),
  start: command.optional(),
  build: command.optional(),
  test: command.optional(),
  port: z.int().min(1).max(65535).optional(),
  portVariable: variable.optional(),
  probes: z
    .strictObject({
      path: path.optional(),
      startup: endingProbe.optional(),
      readiness: probe.optional(),
      liveness: endingProbe.optional(),
    })
    .optional(),
  needs: z
    .strictObject({
      config: z.array(variable).optional(),
      secrets: z.array(variable).optional(),
      resources: z.array(resourceSchema).optional(),
    })
    .optional(),
  reports: reportsSchema.optional(),
  replicas: z.int().min(1).max(100).optional(),
  limits: z
    .strictObject({
      processes: z.int().min(1).optional(),
      memory: size.optional(),
      cpus: z.number().positive().max(1024).optional(),
    })
    .optional(),
  protocol: protocolSchema.optional(),
  path: path.regex(/^(\/[A-Za-z0-9._~-]+)+$/, "expected a prefix such as /bookings").optional(),
  fixedPort: z.boolean().optional(),
  terminationGracePeriodSeconds: seconds.min(0).optional(),
  migrate: z.strictObject({ before: migration.optional(), after: migration.optional() }).optional(),
  secretsAs: secretsAsSchema.optional(),
  dependsOn: z.array(slug).optional(),
  pipeline: z.enum(["generate", "own"]).optional(),
  needsInfrastructure: z.boolean().optional(),
  complianceMode: z.boolean().optional(),
  editionId: slug.optional(),
  policy: modulePolicySchema.optional(),
});
export type ModuleFile = z.infer<typeof moduleFileSchema>;

/** Refuses with ModuleInvalid, `module.yaml:<line>:<column>`. */
export function readModuleFile(text: string): ModuleFile {
  if (text.split("\n").every(saysNothing)) return {};
  const source = readYaml(text, refuseAt, { kind: "module", needs: "nothing" });
  if (source === undefined) throw problem("it cannot be read");
  const parsed = moduleFileSchema.safeParse(source.data);
  if (!parsed.success) throw issueProblem(source, parsed.error);
  for (const kind of ["startup", "readiness", "liveness"] as const)
    requireOneHandler(source, parsed.data, kind);
  return parsed.data;
}

function saysNothing(line: string): boolean {
  const words = line.trim();
  return words === "" || words === "---" || words.startsWith("#");
}

function requireOneHandler(
  source: YamlSource,
  file: ModuleFile,
  kind: "startup" | "readiness" | "liveness",
): void {
  const declared = file.probes?.[kind];
  if (declared === undefined) return;
  const handlers = [declared.httpGet, declared.tcpSocket, declared.grpc, declared.exec].filter(
    (one) => one !== undefined,
  );
  if (handlers.length === 1) return;
  const { line, column } = source.keyAt(["probes", kind]);
  throw problem(`probes.${kind}: expected exactly one of httpGet, tcpSocket, grpc and exec`, line, column);
}

function issueProblem(source: YamlSource, error: z.ZodError): Error {
  const [issue] = error.issues;
  if (issue === undefined) return problem("it is no module");
  const key = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") {
    const { line, column } = source.valueAt(issue.path);
    return problem(`${key === "" ? "" : `${key}: `}${issue.message}`, line, column);
  }
  const unknown = issue.keys[0] ?? "";
  const known = knownKeys(issue.path);
  const meant = closest(unknown, known);
  const hint = meant === undefined ? `known here: ${known.join(", ")}` : `did you mean ${meant}?`;
  const { line, column } = source.keyAt([...issue.path, unknown]);
  return problem(
    `unknown key ${JSON.stringify(unknown)}${key === "" ? "" : ` in ${key}`}; ${hint}`,
    line,
    column,
  );
}

/** The keys of the schema at a path, for a suggestion. */
function knownKeys(at: YamlPath): string[] {
  let schema: z.ZodType = moduleFileSchema;
  for (const step of at) {
    const inner = unwrap(schema);
    schema = inner instanceof z.ZodObject ? (inner.shape[String(step)] as z.ZodType) : inner;
  }
  const found = unwrap(schema);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
}

function refuseAt({ line, column }: { line: number; column: number }, message: string): never {
  throw problem(message, line, column);
}

function problem(message: string, line = 1, column = 1): Error {
  return refuse(
    "ModuleInvalid",
    `${name}:${line}:${column}: ${message}.`,
    `Correct ${name}; \`connectsoft schema show module\` lists its keys.`,
  );
}
