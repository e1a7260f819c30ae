/** What a module is, from what it says of itself and from convention; nothing is run and nothing is repaired. */
import semver from "semver";
import { type Refusal, refuse } from "../refusal.ts";
import { slug } from "../scope.ts";
import { requireKnown } from "../stack/known-versions.ts";
import type { StackFacts } from "../stack/stack.ts";
import { chooseStack } from "./choose-stack.ts";
import { readCommand } from "./command-words.ts";
import { inferProbes } from "./infer-probes.ts";
import { type ModuleFile, readModuleFile } from "./module-file.ts";
import { type Command, type ModuleSpec, moduleSpecSchema } from "./module-spec.ts";

export interface ModuleOverrides {
  id?: string;
  version?: string;
  /** As a list of words, or one line of plain words. */
  start?: string | string[];
  port?: number;
  editionId?: string;
  complianceMode?: boolean;
  needsInfrastructure?: boolean;
}

export interface ModuleInput {
  /** Text by path, of what `isDescribing` (domain/stack) names at least. */
  files: Record<string, string>;
  /** Every path of the module. */
  paths: string[];
  /** Names the module where nothing else does. */
  folderName: string;
  /** Said at hand-over; stronger than the module's own word. */
  overrides?: ModuleOverrides;
}

/** Overrides, then module.yaml, then the language's own files, then convention. Refuses with ModuleInvalid. */
export function inferModule(input: ModuleInput): ModuleSpec {
  const { overrides = {}, paths } = input;
  if (paths.includes("module.yml") && !paths.includes("module.yaml"))
    throw invalid("module.yml is not read; expected the name module.yaml.", "Rename it to module.yaml.");
  const declared = readModuleFile(textOf(input, "module.yaml") ?? "");
  const folder = { paths: new Set(paths), read: (path: string) => textOf(input, path) };
  const start = givenStart(overrides, declared);
  const { stack, facts } = chooseStack(folder, declared, start);
  const port = overrides.port ?? declared.port ?? facts.port;
  const healthPath = declared.probes?.path ?? facts.healthPath;
  return checked(
    defined({
      id: inferId(input, declared, facts),
      version: inferVersion(input, declared, facts),
      runtime: stack.runtime,
      runtimeVersion:
        declared.runtimeVersion === undefined
          ? facts.runtimeVersion
          : requireKnown(stack.runtime, declared.runtimeVersion),
      packageManager: facts.packageManager,
      packageManagerVersion: facts.packageManagerVersion,
      framework: facts.framework,
      locked: facts.locked,
      manifestFiles: facts.manifestFiles,
      install: facts.install,
      build: declared.build ?? facts.build,
      test: declared.test ?? facts.test,
      start: start ?? requireStart(facts),
      environment: someOf(facts.environment),
      portVariable: declared.portVariable ?? facts.portVariable ?? "PORT",
      port,
      probes: inferProbes(
        healthPath === undefined ? declared.probes : { ...declared.probes, path: healthPath },
      ),
      reports: declared.reports ?? facts.reports,
      testEnvironment: someOf(facts.testEnvironment),
      ...declaredRuntime(declared),
      needs: {
        config: declared.needs?.config ?? [],
        secrets: declared.needs?.secrets ?? [],
        ...(declared.needs?.resources === undefined ? {} : { resources: declared.needs.resources }),
      },
      needsInfrastructure: overrides.needsInfrastructure ?? declared.needsInfrastructure ?? false,
      pipeline: declared.pipeline ?? "generate",
      // Who hands it over can ask for it, and not take back what the module says.
      complianceMode: overrides.complianceMode === true || declared.complianceMode === true,
      editionId: overrides.editionId ?? declared.editionId,
      policy: declared.policy,
    }),
  );
}

/** How it runs: said by people alone, nothing of it follows from its files. */
function declaredRuntime(declared: ModuleFile) {
  const { replicas, limits, protocol, path, fixedPort, terminationGracePeriodSeconds } = declared;
  const { migrate, dependsOn, secretsAs } = declared;
  const { memory: memoryBytes, ...otherLimits } = limits ?? {};
  return {
    replicas,
    limits:
      limits === undefined
        ? undefined
        : { ...otherLimits, ...(memoryBytes === undefined ? {} : { memoryBytes }) },
    protocol,
    path,
    fixedPort,
    terminationGracePeriodSeconds,
    // The schema of the spec fills in what a step leaves out.
    migrate: migrate as ModuleSpec["migrate"],
    dependsOn,
    secretsAs,
  };
}

function inferId(input: ModuleInput, declared: ModuleFile, facts: StackFacts): string {
  const [source, id] = [
    ["--module", input.overrides?.id] as const,
    ["id in module.yaml", declared.id] as const,
    [facts.name?.from ?? "", facts.name?.value] as const,
  ].find(([, value]) => value !== undefined) ?? ["the folder's name", input.folderName];
  if (slug.safeParse(id).success) return String(id);
  throw invalid(
    `moduleId: ${JSON.stringify(id)} (${source}) was given; expected 1 to 63 lower-case letters, digits or inner hyphens, such as booking-service.`,
    "Set `id:` in module.yaml, or name the module with --module.",
  );
}

function inferVersion(input: ModuleInput, declared: ModuleFile, facts: StackFacts): string {
  const given = input.overrides?.version ?? declared.version ?? facts.version?.value ?? "0.0.0";
  const version = semver.valid(given);
  if (version !== null) return version;
  throw invalid(
    `version: ${JSON.stringify(given)} was given; expected a semantic version such as 1.4.2.`,
    `Set \`version:\` in module.yaml${facts.version === undefined ? "" : `, or correct the ${facts.version.from}`}.`,
  );
}

function givenStart(overrides: ModuleOverrides, declared: ModuleFile): Command | undefined {
  if (overrides.start === undefined) return declared.start;
  const read = readCommand(overrides.start);
  if ("command" in read) return read.command;
  throw invalid(`--start: ${read.problem}.`, "For example: --start 'node server.js'.");
}

function requireStart({ start, noStart }: StackFacts): Command {
  if (start !== undefined) return start;
  throw invalid(
    `The module has no way to start: no start in module.yaml, and ${noStart.lookedFor}.`,
    noStart.next,
  );
}

function someOf(variables: Record<string, string> | undefined): Record<string, string> | undefined {
  return variables === undefined || Object.keys(variables).length === 0 ? undefined : variables;
}

function textOf(input: ModuleInput, path: string): string | undefined {
  return Object.hasOwn(input.files, path) ? input.files[path] : undefined;
}

type Loose<T> = { [K in keyof T]: T[K] | undefined };

function defined(spec: Loose<ModuleSpec>): ModuleSpec {
  return Object.fromEntries(
    Object.entries(spec).filter(([, value]) => value !== undefined),
  ) as unknown as ModuleSpec;
}

/** What overrides said is held to the schema like everything else. */
function checked(spec: ModuleSpec): ModuleSpec {
  const parsed = moduleSpecSchema.safeParse(spec);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.map(String).join(".") ?? "module"}: ${issue?.message ?? "it is not valid"}.`);
}

function invalid(
  message: string,
  next: Refusal["next"] = "Correct it and hand the module over again.",
): Error {
  return refuse("ModuleInvalid", message, next);
}
