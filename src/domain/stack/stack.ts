/**
 * A stack is what a language's modules have in common: how they are recognised, resolved, built and tested by
 * convention. One folder a runtime beside this file, one line each in `stacks.ts`. Nothing is run to find out.
 */
import type { Command, ModuleSpec, PackageManager, Reports, Runtime } from "../module/module-spec.ts";

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
  reports?: Reports;
}

/** A folder that a tool fills with downloads; kept between runs for as long as the key files are the same. */
export interface Cache {
  /** `npm`, `go-modules`. */
  name: string;
  /** The variable that tells the tool where, and a folder relative to the module: `npm_config_cache`, `.cache/npm`. */
  variable: string;
  folder: string;
}

/** What surrounds a module's own commands, by package manager. */
export interface Toolchain {
  /** Resolves dependencies, and runs no code of strangers where that can be had. Undefined: nothing to resolve. */
  install?: Command;
  /** Leaves only what is needed to run, where the tool can do that. */
  prune?: Command;
  caches: Cache[];
  /** Makes the test runner write its reports where that needs nothing but a variable. */
  testEnvironment: Record<string, string>;
  reports: Reports;
  /** Files of the built tree that say what was resolved, for the SBOM. */
  inventories(path: string): boolean;
  /** Paths of the built tree (with `/`) that are not part of the artifact. */
  leavesOut(path: string): boolean;
}

export interface Stack {
  runtime: Runtime;
  /** As people write it: `Node.js`, `.NET`. */
  label: string;
  /** Whether recognition reads this file's text. */
  describes(path: string): boolean;
  /** Undefined where the folder is none of this stack. Refuses with ModuleInvalid one that is and is broken. */
  recognise(folder: ModuleFolder): StackFacts | undefined;
  toolchain(module: ModuleSpec): Toolchain;
}
