/** What a module is, from what it says of itself and from convention; nothing is run and nothing is repaired. */
import semver from "semver";
import { type Refusal, refuse } from "../refusal.ts";
import { slug } from "../scope.ts";
import { readCommand } from "./command-words.ts";
import { inferProbes } from "./infer-probes.ts";
import { type ModuleFile, readModuleFile } from "./module-file.ts";
import { type Command, type ModuleSpec, moduleSpecSchema } from "./module-spec.ts";
import {
  buildCommand,
  isLocked,
  type PackageFolder,
  requireNpm,
  startCommand,
  testCommand,
} from "./node-conventions.ts";
import { type PackageFile, readPackageFile, unscopedName } from "./package-file.ts";

/** The files whose text inference reads, where they are there. */
export const describingFiles = ["module.yaml", "package.json"] as const;

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
  /** Text by path, of `describingFiles` at least. */
  files: Record<string, string>;
  /** Every path of the module. */
  paths: string[];
  /** Names the module where nothing else does. */
  folderName: string;
  /** Said at hand-over; stronger than the module's own word. */
  overrides?: ModuleOverrides;
}

/** Overrides, then module.yaml, then package.json, then convention. Refuses with ModuleInvalid. */
export function inferModule(input: ModuleInput): ModuleSpec {
  const { overrides = {}, paths } = input;
  if (paths.includes("module.yml") && !paths.includes("module.yaml"))
    throw invalid("module.yml is not read; expected the name module.yaml.", "Rename it to module.yaml.");
  const declared = readModuleFile(textOf(input, "module.yaml") ?? "");
  const packageText = textOf(input, "package.json");
  if (packageText === undefined) throw notNode(paths);
  const folder = { file: readPackageFile(packageText), paths: new Set(paths) };
  requireNpm(folder);
  const build = declared.build ?? buildCommand(folder);
  const test = declared.test ?? testCommand(folder);
  const port = overrides.port ?? declared.port;
  const editionId = overrides.editionId ?? declared.editionId;
  return checked({
    id: inferId(input, declared, folder.file),
    version: inferVersion(input, declared, folder.file),
    runtime: "node",
    packageManager: "npm",
    locked: isLocked(folder),
    ...(build === undefined ? {} : { build }),
    ...(test === undefined ? {} : { test }),
    start: inferStart(overrides, declared, folder),
    portVariable: declared.portVariable ?? "PORT",
    ...(port === undefined ? {} : { port }),
    probes: inferProbes(declared.probes),
    needs: { config: declared.needs?.config ?? [], secrets: declared.needs?.secrets ?? [] },
    needsInfrastructure: overrides.needsInfrastructure ?? declared.needsInfrastructure ?? false,
    complianceMode: overrides.complianceMode ?? declared.complianceMode ?? false,
    ...(editionId === undefined ? {} : { editionId }),
  });
}

function inferId(input: ModuleInput, declared: ModuleFile, file: PackageFile): string {
  const [source, id] = [
    ["--module", input.overrides?.id] as const,
    ["id in module.yaml", declared.id] as const,
    ["name in package.json", file.name === undefined ? undefined : unscopedName(file.name)] as const,
  ].find(([, value]) => value !== undefined) ?? ["the folder's name", input.folderName];
  if (slug.safeParse(id).success) return String(id);
  throw invalid(
    `moduleId: ${JSON.stringify(id)} (${source}) was given; expected 1 to 63 lower-case letters, digits or inner hyphens, such as booking-service.`,
    "Set `id:` in module.yaml, or name the module with --module.",
  );
}

function inferVersion(input: ModuleInput, declared: ModuleFile, file: PackageFile): string {
  const given = input.overrides?.version ?? declared.version ?? file.version ?? "0.0.0";
  const version = semver.valid(given);
  if (version !== null) return version;
  throw invalid(
    `version: ${JSON.stringify(given)} was given; expected a semantic version such as 1.4.2.`,
    "Set `version` in package.json (`npm version 1.4.2`) or in module.yaml.",
  );
}

function inferStart(overrides: ModuleOverrides, declared: ModuleFile, folder: PackageFolder): Command {
  if (overrides.start !== undefined) {
    const read = readCommand(overrides.start);
    if ("command" in read) return read.command;
    throw invalid(`--start: ${read.problem}.`, "For example: --start 'node server.js'.");
  }
  const start = declared.start ?? startCommand(folder);
  if (start !== undefined) return start;
  throw invalid(
    "The module has no way to start: no start in module.yaml, and in package.json no start script and no bin or main that is there; no server.js, no index.js.",
    "Add a start script (`npm pkg set scripts.start='node server.js'`), or say it with --start.",
  );
}

const ecosystems: [RegExp, string][] = [
  [/(^|\/)[^/]+\.(csproj|sln|fsproj)$/, ".NET"],
  [/(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/, "Java"],
  [/(^|\/)(pyproject\.toml|requirements\.txt|setup\.py)$/, "Python"],
  [/(^|\/)go\.mod$/, "Go"],
  [/(^|\/)Cargo\.toml$/, "Rust"],
  [/(^|\/)Gemfile$/, "Ruby"],
  [/(^|\/)composer\.json$/, "PHP"],
  [/(^|\/)deno\.jsonc?$/, "Deno"],
];

function notNode(paths: string[]): Error {
  const inner = paths.find((path) => path.endsWith("/package.json"));
  if (inner !== undefined)
    return invalid(
      `There is no package.json at the top of the module, but ${inner} is there.`,
      `Hand over the folder ${inner.slice(0, -"/package.json".length)} instead.`,
    );
  const other = ecosystems.find(([form]) => paths.some((path) => form.test(path)));
  const found = other === undefined ? "" : ` It looks like ${other[1]}.`;
  return invalid(
    `There is no package.json.${found} Expected a Node module that npm resolves; others are not supported yet.`,
    "Add a package.json (`npm init`), or hand over another folder.",
  );
}

function textOf(input: ModuleInput, path: string): string | undefined {
  return Object.hasOwn(input.files, path) ? input.files[path] : undefined;
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
