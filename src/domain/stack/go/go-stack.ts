/** Go: a go.mod, whose program is built into `bin/`; the artifact needs nothing of the language to run. */
import { chooseVersion } from "../known-versions.ts";
import { describesPort, readPort } from "../read-port.ts";
import type { Asked, ModuleFolder, Stack, StackFacts } from "../stack.ts";
import { readGoMod } from "./go-mod.ts";
import { chooseProgram, isProgramSource, programFolders } from "./go-programs.ts";

const frameworks: [path: RegExp, name: string][] = [
  [/^github\.com\/gin-gonic\/gin$/, "gin"],
  [/^github\.com\/labstack\/echo(\/v\d+)?$/, "echo"],
  [/^github\.com\/gofiber\/fiber(\/v\d+)?$/, "fiber"],
  [/^github\.com\/go-chi\/chi(\/v\d+)?$/, "chi"],
  [/^github\.com\/gorilla\/mux$/, "gorilla-mux"],
  [/^google\.golang\.org\/grpc$/, "grpc"],
];

const vendorList = "vendor/modules.txt";

/** Packages that are C inside: without a C compiler they do not work. */
const needsC = /^github\.com\/(mattn\/go-sqlite3|confluentinc\/confluent-kafka-go(\/v\d+)?|h2non\/bimg)$/;

export const goStack: Stack = {
  runtime: "go",
  label: "Go",
  packageManagers: ["go"],
  manifest: "go.mod",
  isManifest: (name) => name === "go.mod",
  describes: (path) =>
    path === "go.mod" || path === vendorList || isProgramSource(path) || describesPort(path),
  recognise,
  toolchain: (module) => ({
    // A vendored module brings what it needs; Go takes it from there by itself.
    install: module.manifestFiles?.includes(vendorList)
      ? []
      : [{ name: "install", run: ["go", "mod", "download"] }],
    caches: [
      { name: "go-modules", variable: "GOMODCACHE", folder: ".go/modules" },
      { name: "go-build", variable: "GOCACHE", folder: ".go/build" },
    ],
    inventories: (path) => path === "go.mod" || path === "go.sum",
    leavesOut: (path) => path === ".go" || path.startsWith(".go/"),
  }),
};

function recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined {
  const text = folder.read("go.mod");
  if (text === undefined) return undefined;
  const { path, go, requires } = readGoMod(text);
  const name = nameOf(path);
  const folders = programFolders(folder);
  const program = chooseProgram(folders, name);
  const framework = frameworks.find(([form]) => requires.some((each) => form.test(each)))?.[1];
  const port = readPort(folder, { start: asked.start });
  const vendored = isVendored(folder, go);
  const tested = [...folder.paths].some((each) => each.endsWith("_test.go") && !each.startsWith("vendor/"));
  const locked = vendored || folder.paths.has("go.sum") || requires.length === 0;
  return {
    packageManager: "go",
    runtimeVersion: chooseVersion("go", go === undefined ? undefined : wishOf(go)),
    ...(framework === undefined ? {} : { framework }),
    locked,
    manifestFiles: ["go.mod", "go.sum", "go.work", ...(vendored ? [vendorList] : [])].filter((each) =>
      folder.paths.has(each),
    ),
    name: { value: name, from: "module in go.mod" },
    ...(program === undefined ? {} : { build: buildCommand(program, name), start: [`./bin/${name}`] }),
    // Without -trimpath, other than the build: tests find their files by the path of their source.
    ...(tested ? { test: ["go", "test", "-v", "./..."] } : {}),
    ...(port === undefined ? {} : { port }),
    environment: {
      CGO_ENABLED: requires.some((each) => needsC.test(each)) ? "1" : "0",
      // The toolchain of the image is the one that was chosen: no other is downloaded in its place.
      GOTOOLCHAIN: "local",
      ...(vendored ? {} : { GOFLAGS: locked ? "-mod=readonly" : "-mod=mod" }),
    },
    noStart: noStart(folders),
  };
}

/** The list alone is left where a module was packed without its copies; before 1.14 Go did not take them by itself. */
function isVendored({ paths }: ModuleFolder, go = "1.16"): boolean {
  const [major = 0, minor = 0] = go.split(".").map((part) => Number.parseInt(part, 10));
  if (!paths.has(vendorList) || (major === 1 && minor < 14)) return false;
  return [...paths].some((path) => path.startsWith("vendor/") && path.endsWith(".go"));
}

function buildCommand(program: string, name: string): string[] {
  return ["go", "build", "-trimpath", "-o", `bin/${name}`, program === "." ? "." : `./${program}`];
}

/** Go promises that a newer toolchain builds what an older one did. */
function wishOf(go: string) {
  const [major = 0, minor = 0] = go.split(".").map((part) => Number.parseInt(part, 10));
  const accepts = (version: string) => {
    const [knownMajor = 0, knownMinor = 0] = version.split(".").map(Number);
    return knownMajor === major && knownMinor >= minor;
  };
  return { from: "go in go.mod", wanted: go, accepts };
}

/** The last part of the path, without the major version that a path may end with. */
function nameOf(path: string): string {
  const parts = path.split("/").filter((part) => !/^v\d+$/.test(part));
  return (parts.at(-1) ?? path).replace(/\.v\d+$/, "");
}

function noStart(folders: string[]): StackFacts["noStart"] {
  const next =
    "Say both in module.yaml: `build: go build -trimpath -o bin/server ./cmd/server` and `start: ./bin/server`.";
  if (folders.length === 0)
    return { lookedFor: "there is no package main at the top, in cmd, or in a folder of cmd", next };
  return { lookedFor: `${folders.join(", ")} are all programs, and nothing tells which one serves`, next };
}
