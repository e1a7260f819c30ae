/**
 * The versions of each runtime that are looked after: those for which base images are pinned. A reviewed table,
 * because nothing can be looked up while a module is recognised. The default is the one for modules that say nothing.
 */
import type { Runtime } from "../module/module-spec.ts";
import { refuse } from "../refusal.ts";

export type CountedRuntime = Exclude<Runtime, "container">;

export const knownVersions = {
  node: { known: ["20", "22", "24"], preferred: "24" },
  python: { known: ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"], preferred: "3.13" },
  go: { known: ["1.22", "1.23", "1.24", "1.25", "1.26"], preferred: "1.26" },
  java: { known: ["8", "11", "17", "21", "25"], preferred: "21" },
  dotnet: { known: ["8.0", "9.0", "10.0"], preferred: "10.0" },
} as const satisfies Record<CountedRuntime, { known: readonly string[]; preferred: string }>;

/** What a file asks of its runtime: the place it was read from, its words, and what would do. */
export interface VersionWish {
  /** `engines.node in package.json`. */
  from: string;
  wanted: string;
  accepts(version: string): boolean;
}

/** The preferred version where it will do, else the newest that does. Refuses with ModuleInvalid where none does. */
export function chooseVersion(runtime: CountedRuntime, wish: VersionWish | undefined): string {
  const { known, preferred } = knownVersions[runtime];
  if (wish === undefined || wish.accepts(preferred)) return preferred;
  const found = [...known].reverse().find((version) => wish.accepts(version));
  if (found !== undefined) return found;
  throw refuse(
    "ModuleInvalid",
    `${wish.from} asks for ${JSON.stringify(wish.wanted)}; expected a version that is looked after: ${known.join(", ")}.`,
    "Move to one of these, or try the module on one: `runtimeVersion:` in module.yaml is stronger.",
  );
}

/** `runtimeVersion` of module.yaml, held to the table. */
export function requireKnown(runtime: Runtime, version: string): string {
  if (runtime === "container") return version;
  const wish = { from: "runtimeVersion in module.yaml", wanted: version };
  return chooseVersion(runtime, { ...wish, accepts: (known) => known === version });
}
