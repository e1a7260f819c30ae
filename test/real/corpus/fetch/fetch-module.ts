/** A module's folder, byte for byte as its registry ships it. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Origin } from "../corpus-module.ts";
import { corpusCache, fetched, type Package } from "./archive.ts";
import { runTool } from "./run-tool.ts";

/** `scratch`: where what is written here may lie; fetched packages lie in the cache. */
export async function fetchModule(origin: Origin, scratch: string): Promise<string> {
  switch (origin.registry) {
    case "npm":
      return fetched(origin, (into) => packNpm(origin, into), unpackTar);
    case "PyPI":
      return fetched(origin, (into) => downloadSdist(origin, into), unpackTar);
    case "Go":
      return downloadGo(origin);
    case "Maven":
      return fetched(
        origin,
        (into) => copyMaven(origin, into),
        (archive, into) => (origin.kind === "sources" ? unzip(archive, into) : generate(origin, into)),
      );
    case "none":
      return writeShape(origin.files, scratch);
  }
}

async function packNpm({ name, version }: Package, into: string): Promise<string> {
  await runTool(["npm", "pack", "--ignore-scripts", "--pack-destination", into, `${name}@${version}`], {
    cwd: into,
  });
  return onlyFile(into);
}

/** Pip makes a source distribution's metadata to be sure of its name: its build tools are fetched as wheels. */
async function downloadSdist({ name, version }: Package, into: string): Promise<string> {
  const words = ["pip", "download", "--quiet", "--no-deps", "--no-binary", name, "--dest", into];
  await runTool(["python3", "-m", ...words, `${name}==${version}`], { cwd: into });
  return onlyFile(into);
}

/** Go checks its cache itself; its digest is one of every file. */
async function downloadGo({ name, version, integrity }: Package): Promise<string> {
  const cache = join(corpusCache(), "go");
  await mkdir(cache, { recursive: true });
  const environment = { GOMODCACHE: cache, GOFLAGS: "-modcacherw", GOTOOLCHAIN: "local" };
  const printed = await runTool(["go", "mod", "download", "-json", `${name}@${version}`], {
    cwd: cache,
    environment,
  });
  const { Dir, Sum } = JSON.parse(printed) as { Dir: string; Sum: string };
  if (Sum !== integrity) throw new Error(`${name} ${version} has ${Sum}; expected ${integrity}`);
  return Dir;
}

async function copyMaven(
  { name, version, kind }: Origin & { registry: "Maven" },
  into: string,
): Promise<string> {
  const artifact = `${name}:${version}${kind === "sources" ? ":zip:source-release" : ""}`;
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
  await runTool(["mvn", "-B", "-ntp", "-q", goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`], {
    cwd: into,
  });
  return onlyFile(into);
}

async function generate({ name, version }: Package, into: string): Promise<string> {
  const [group = "", artifact = ""] = name.split(":");
  const values = {
    archetypeGroupId: group,
    archetypeArtifactId: artifact,
    archetypeVersion: version,
    archetypeCatalog: "internal",
    interactiveMode: "false",
    groupId: "com.example",
    artifactId: "example",
    version: "1.0.0",
    package: "com.example",
  };
  const goal = "org.apache.maven.plugins:maven-archetype-plugin:3.3.1:generate";
  const options = Object.entries(values).map(([key, value]) => `-D${key}=${value}`);
  await runTool(["mvn", "-B", "-ntp", "-q", goal, ...options], { cwd: into });
  return into;
}

async function unpackTar(archive: string, into: string): Promise<string> {
  await runTool(["tar", "-xzf", archive, "-C", into], { cwd: into });
  return into;
}

/** The JDK that Maven needs reads zip files. */
async function unzip(archive: string, into: string): Promise<string> {
  await runTool(["jar", "xf", archive], { cwd: into });
  return into;
}

async function writeShape(files: Record<string, string>, folder: string): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function onlyFile(folder: string): Promise<string> {
  const [only] = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  if (only === undefined) throw new Error(`nothing was fetched into ${folder}`);
  return join(folder, only.name);
}
