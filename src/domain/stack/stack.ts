/**
 * A stack is what a language's modules have in common: how they are recognised, resolved, built and tested by
 * convention. One folder a runtime beside this file, one line each in `stacks.ts`. Nothing is run to find out.
 */
import type {
  Command,
  InstallStep,
  ModuleSpec,
  PackageManager,
  Reports,
  Runtime,
} from "../module/module-spec.ts";

/** A module's folder as recognition sees it: every path, and the text of the files that `describes` named. */
export interface ModuleFolder {
  paths: ReadonlySet<string>;
  read(path: string): string | undefined;
}

/** What a folder says by convention; module.yaml and overrides are stronger. */
export interface StackFacts {
  packageManager: PackageManager;
  packageManagerVersion?: string;
  runtimeVersion: string;
  framework?: string;
  locked: boolean;
  manifestFiles: string[];
  /** With the place it was read from, for refusals: `name in package.json`. */
  name?: { value: string; from: string };
  version?: { value: string; from: string };
  /** Where the files must be read to know it; else the toolchain says it for the package manager. */
  install?: InstallStep[];
  build?: Command;
  test?: Command;
  start?: Command;
  /** Where there is no start: what was looked for, and what to add. */
  noStart: { lookedFor: string; next: string };
  environment?: Record<string, string>;
  port?: number;
  portVariable?: string;
  /** Path that the framework answers when it is healthy, such as `/actuator/health`. */
  healthPath?: string;
  /** Where the test run leaves its reports, and the variables that make it do so. */
  reports?: Reports;
  testEnvironment?: Record<string, string>;
}

/** What module.yaml has decided already, where convention would go on from it. */
export interface Asked {
  packageManager?: PackageManager | undefined;
  start?: Command | undefined;
  test?: Command | undefined;
}

/** A folder that a tool fills with downloads; kept between runs for as long as the key files are the same. */
export interface Cache {
  /** `npm`, `go-modules`. */
  name: string;
  /** The variable that tells the tool where, and a folder relative to the module: `npm_config_cache`, `.cache/npm`. */
  variable: string;
  folder: string;
  /** Where the tool keeps its downloads elsewhere unless an option says so; `{}` stands for the folder. */
  option?: { variable: string; value: string };
}

/** What surrounds a module's own commands, by package manager. */
export interface Toolchain {
  /** Resolve dependencies, and run no code of strangers where that can be had. Empty: nothing to resolve. */
  install: InstallStep[];
  /** Building and testing resolve too, as the tool has no step of its own for it: they need registries. */
  resolvesLate?: true;
  /** Leaves only what is needed to run, where a single command can do that. */
  prune?: Command;
  caches: Cache[];
  /** Files of the built tree that say what was resolved, for the SBOM. */
  inventories(path: string): boolean;
  /** Paths of the built tree (with `/`) that are not part of the artifact. */
  leavesOut(path: string): boolean;
}

export interface Stack {
  runtime: Runtime;
  /** As people write it: `Node.js`, `.NET`. */
  label: string;
  /** The first is the one where nothing else is said. */
  packageManagers: readonly [PackageManager, ...PackageManager[]];
  /** The file that makes a folder one of this stack, for people: `package.json`. */
  manifest: string;
  /** Whether a file of that name would make its folder one of this stack. */
  isManifest(name: string): boolean;
  /** Whether recognition reads this file's text. */
  describes(path: string): boolean;
  /** Undefined where the folder is none of this stack. Refuses with ModuleInvalid one that is and is broken. */
  recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined;
  toolchain(module: ModuleSpec): Toolchain;
}

export type { InstallStep };
