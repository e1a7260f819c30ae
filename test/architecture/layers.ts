import path from "node:path";

const allowed: Record<string, readonly string[]> = {
  domain: ["domain"],
  ports: ["domain", "ports"],
  engine: ["domain", "ports", "engine"],
  agents: ["domain", "ports", "agents"],
  adapters: ["domain", "ports", "adapters"],
  operations: ["domain", "ports", "engine", "operations"],
  http: ["domain", "operations", "http"],
  cli: ["domain", "operations", "cli"],
  mcp: ["domain", "operations", "mcp"],
  server: ["domain", "ports", "operations", "http", "server"],
};
/** Libraries without I/O, clock or randomness. */
const pureLibraries = [
  "@cyclonedx/cyclonedx-library/Contrib/License",
  "@cyclonedx/cyclonedx-library/Enums",
  "@cyclonedx/cyclonedx-library/Models",
  "@cyclonedx/cyclonedx-library/Serialize",
  "@cyclonedx/cyclonedx-library/Spec",
  "@sigstore/bundle",
  "@renovatebot/pep440",
  "ae-cvss-calculator",
  "node:crypto",
  "node:path",
  "canonicalize",
  "conventional-commits-parser",
  "fast-xml-parser",
  "ical.js",
  "keep-a-changelog",
  "lru-cache",
  "oxc-parser",
  "picomatch",
  "rrule-temporal",
  "semver",
  "smol-toml",
  "spdx-expression-parse",
  "spdx-satisfies",
  "temporal-polyfill",
  "xstate",
  "yaml",
  "zod",
];

/** Paths from the repository's root, as in `src/adapters/forge/embedded/forge.ts`. */
export function mayImport(from: string, to: string): boolean {
  if (from.startsWith("studio/")) return studioMayImport(from, to);
  if (isTest(from) && to.startsWith("test/")) return true;
  // src/compose.ts and src/main.ts, which put everything together.
  if (path.dirname(from) === "src") return to.startsWith("src/");
  const layer = layerOf(from);
  if (layer === undefined) return false;
  const target = layerOf(to);
  if (target === undefined || !allowed[layer]?.includes(target)) return false;
  return layer !== "adapters" || target !== "adapters" || maySharePort(from, to);
}

export function mayUsePackage(from: string, name: string): boolean {
  return layerOf(from) !== "domain" || isTest(from) || pureLibraries.includes(name);
}

/**
 * Studio knows the published API and nothing of the program behind it. Its parts know no feature, and features know no
 * other feature: they meet in the frame and by their addresses.
 */
function studioMayImport(from: string, to: string): boolean {
  if (to === "client/src/schema.d.ts") return true;
  const [, part, feature] = from.split("/");
  const [top, toPart, toFeature] = to.split("/");
  if (top !== "studio") return false;
  if (part === "ui") return toPart === "ui";
  if (part === "features") return toPart !== "features" || toFeature === feature;
  return toPart !== "features" || /^studio\/features\/[^/]+\/[^/]+$/.test(to);
}

/** Within `src/adapters/<port>/`, files at its top are shared; a provider's own folder is its own. */
function maySharePort(from: string, to: string): boolean {
  const [, , fromPort, fromProvider] = from.split("/");
  const [, , toPort, toProvider] = to.split("/");
  if (fromPort !== toPort) return false;
  const isShared = toProvider?.endsWith(".ts") ?? false;
  const isListing = fromProvider?.endsWith(".ts") ?? false;
  return isShared || isListing || fromProvider === toProvider;
}

function layerOf(file: string): string | undefined {
  const [top, layer = ""] = file.split("/");
  return top === "src" && Object.hasOwn(allowed, layer) ? layer : undefined;
}

/** A conformance suite is a test that adapters share. */
function isTest(file: string): boolean {
  return /\.(test|conformance)\.ts$/.test(file);
}
