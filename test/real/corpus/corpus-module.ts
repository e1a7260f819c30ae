/** One real module of the corpus: where it comes from, what it must be recognised as, and how far it is tried. */
import type { ModuleOverrides } from "../../../src/domain/module/infer-module.ts";
import type { RefusalCode } from "../../../src/domain/refusal.ts";

/** Where the bytes come from; `integrity` is that of the archive as the registry serves it (Go: of its content). */
export type Origin =
  | { registry: "npm"; name: string; version: string; integrity: string }
  | { registry: "PyPI"; name: string; version: string; integrity: string }
  | { registry: "Go"; name: string; version: string; integrity: string }
  | { registry: "Maven"; kind: "archetype" | "sources"; name: string; version: string; integrity: string }
  /** Written here, as this command makes it: its registry cannot be asked everywhere. */
  | { registry: "none"; like: string; files: Record<string, string> };

/** What a person reads of a module, in plain words; absent where there is none. */
export interface Recognised {
  id: string;
  version: string;
  /** Language with its version, package manager with its own where it matters: `node 24, npm, locked`. */
  stack: string;
  framework?: string;
  build?: string;
  test?: string;
  start: string;
  port?: string;
  health?: string;
}

export interface Refused {
  code: RefusalCode;
  /** A part of the message that names the reason. */
  says: string;
  /** Why that is right. */
  rightly: string;
}

export interface Tried {
  /** What the tests are known to do: numbers where the runner reads them; absent where the package ships none. */
  tests?: { passed: number } | "pass" | { notTried: string };
  /** Asked once over HTTP on a free port, or run with arguments where it is a program that ends. */
  start: Started;
}

export type Started =
  | { asks: string; status?: number; contains: string }
  | { with: string[]; exitCode?: number; prints: string };

/** A build that fails as it should, as the module itself is not sound. */
export interface BuildFails {
  step: string;
  says: string;
  rightly: string;
}

interface Named {
  name: string;
  origin: Origin;
  /** Said at hand-over, as a person would. */
  overrides?: ModuleOverrides;
}

export type CorpusModule = Named &
  (
    | { refused: Refused }
    | { recognised: Recognised; tried: Tried }
    | { recognised: Recognised; buildFails: BuildFails }
    /** Generated and validated, and not built here, for this reason. */
    | { recognised: Recognised; notBuilt: string }
  );

export function titleOf({ origin, name }: CorpusModule): string {
  return origin.registry === "none" ? `${name} (as ${origin.like} makes it)` : `${name} ${origin.version}`;
}
