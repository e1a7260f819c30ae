/** Which language a module is of: as module.yaml says, else the first that knows how it starts. */
import { refuse } from "../refusal.ts";
import { knownVersions } from "../stack/known-versions.ts";
import type { ModuleFolder, Stack, StackFacts } from "../stack/stack.ts";
import { stackOf, stacks } from "../stack/stacks.ts";
import type { ModuleFile } from "./module-file.ts";
import type { Command, PackageManager, Runtime } from "./module-spec.ts";

export interface ChosenStack {
  stack: Stack;
  facts: StackFacts;
}

/**
 * A folder may be read as several languages: a service in Go with a package.json for its tools, one in Python with a
 * Dockerfile. The one whose program the given start command names is asked first; the first that knows how it
 * starts is taken; where none does, the first.
 * With a start command given, and no language's files, the module is taken at its word: nothing is resolved for it.
 */
export function chooseStack(
  folder: ModuleFolder,
  declared: ModuleFile,
  start: Command | undefined,
): ChosenStack {
  const { runtime, packageManager } = declared;
  if (runtime !== undefined && packageManager !== undefined) requireSame(runtime, packageManager);
  const asked = { packageManager, start, test: declared.test };
  const named = runtime ?? runtimeOf(packageManager);
  if (named !== undefined) {
    const stack = stackOf(named);
    const facts = stack.recognise(folder, asked);
    if (facts !== undefined) return { stack, facts };
    if (packageManager === undefined || packageManager === "none")
      return { stack, facts: bareFacts(named, start) };
    throw notThere(stack, packageManager);
  }
  const said = start === undefined ? undefined : runtimeOfProgram(start);
  let first: ChosenStack | undefined;
  for (const stack of [...stacks].sort((a, b) => Number(b.runtime === said) - Number(a.runtime === said))) {
    const facts = stack.recognise(folder, asked);
    if (facts === undefined) continue;
    if (facts.start !== undefined || start !== undefined) return { stack, facts };
    first ??= { stack, facts };
  }
  if (first !== undefined) return first;
  if (said !== undefined) return { stack: stackOf(said), facts: bareFacts(said, start) };
  throw unknown(folder.paths, start);
}

function runtimeOf(packageManager: PackageManager | undefined): Runtime | undefined {
  if (packageManager === undefined || packageManager === "none") return undefined;
  return stacks.find((stack) => stack.packageManagers.includes(packageManager))?.runtime;
}

function requireSame(runtime: Runtime, packageManager: PackageManager): void {
  const { packageManagers, label } = stackOf(runtime);
  if (packageManager === "none" || packageManagers.includes(packageManager)) return;
  throw refuse(
    "ModuleInvalid",
    `module.yaml: ${packageManager} does not resolve modules of ${label}; expected ${packageManagers.join(", ")}.`,
    "Correct `packageManager:` or `runtime:` in module.yaml.",
  );
}

/** A module of nothing but its own sources, in a language that needs nothing else said. */
function bareFacts(runtime: Runtime, start: Command | undefined): StackFacts {
  const { manifest, label } = stackOf(runtime);
  return {
    packageManager: "none",
    runtimeVersion: runtime === "container" ? "" : knownVersions[runtime].preferred,
    locked: true,
    manifestFiles: [],
    ...(start === undefined ? {} : { start }),
    noStart: {
      lookedFor: `there is no ${manifest} at its top that would tell how a module of ${label} starts`,
      next: `Add \`start:\` to module.yaml, or ${manifest}.`,
    },
  };
}

/** What a start command tells by its program alone. */
const programs: Record<string, Runtime> = {
  node: "node",
  python: "python",
  python3: "python",
  java: "java",
  dotnet: "dotnet",
};

function runtimeOfProgram([program = ""]: Command): Runtime | undefined {
  return Object.hasOwn(programs, program) ? programs[program] : undefined;
}

function notThere({ manifest, label }: Stack, packageManager: PackageManager): Error {
  return refuse(
    "ModuleInvalid",
    `module.yaml says ${packageManager}, but there is no ${manifest} at the top of the module, as one of ${label} has.`,
    `Add ${manifest}, or correct module.yaml.`,
  );
}

/** Languages that are seen but not known. */
const others: [RegExp, string][] = [
  [/(^|\/)Cargo\.toml$/, "Rust"],
  [/(^|\/)Gemfile$/, "Ruby"],
  [/(^|\/)composer\.json$/, "PHP"],
  [/(^|\/)deno\.jsonc?$/, "Deno"],
  [/(^|\/)mix\.exs$/, "Elixir"],
  [/(^|\/)Package\.swift$/, "Swift"],
];

function unknown(paths: ReadonlySet<string>, start: Command | undefined): Error {
  const manifests = stacks.map(({ manifest }) => manifest).join(", ");
  if (start !== undefined)
    return refuse(
      "ModuleInvalid",
      `Nothing at the top of the module says what runs ${JSON.stringify(start.join(" "))}; expected one of ${manifests}.`,
      "Say it in module.yaml: `runtime:` with one of node, python, go, java, dotnet, container.",
    );
  const inner = innerManifest(paths);
  if (inner !== undefined)
    return refuse(
      "ModuleInvalid",
      `There is nothing at the top of the module that says what it is, but ${inner.path} is there.`,
      `Hand over the folder ${inner.path.slice(0, -inner.name.length - 1)} instead.`,
    );
  const other = others.find(([form]) => [...paths].some((path) => form.test(path)));
  return refuse(
    "ModuleInvalid",
    `There is nothing at the top of the module that says what it is.${other === undefined ? "" : ` It looks like ${other[1]}, which is not known.`} Expected one of ${manifests}.`,
    other === undefined
      ? "Hand over the folder that has one, or say `runtime:` and `start:` in module.yaml."
      : "Add a Dockerfile, and the image that it makes is delivered.",
  );
}

/** The one that lies least deep; of several, the first by name. */
function innerManifest(paths: ReadonlySet<string>): { path: string; name: string } | undefined {
  const depth = (path: string) => path.split("/").length;
  const found = [...paths]
    .map((path) => ({ path, name: path.slice(path.lastIndexOf("/") + 1) }))
    .filter(({ path, name }) => path !== name && stacks.some((stack) => stack.isManifest(name)));
  return found.sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1))[0];
}
