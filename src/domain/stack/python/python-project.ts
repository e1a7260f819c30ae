/** What pyproject.toml, setup.cfg, setup.py and requirement files say of a project, in one form. */
import { z } from "zod";
import { readToml } from "../read-toml.ts";
import type { ModuleFolder } from "../stack.ts";
import { isCompiled, nameOf, namesInFile, normalName, requirementFiles } from "./requirements.ts";

const requirements = z.array(z.string());
const poetryDependencies = z.record(z.string(), z.unknown());
const group = z.looseObject({ dependencies: poetryDependencies.optional() });
const pyproject = z.looseObject({
  project: z
    .looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      "requires-python": z.string().optional(),
      dependencies: requirements.optional(),
      "optional-dependencies": z.record(z.string(), requirements).optional(),
      scripts: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  "dependency-groups": z.record(z.string(), z.array(z.unknown())).optional(),
  "build-system": z.looseObject({ "build-backend": z.string().optional() }).optional(),
  tool: z
    .looseObject({
      poetry: z
        .looseObject({
          name: z.string().optional(),
          version: z.string().optional(),
          dependencies: poetryDependencies.optional(),
          "dev-dependencies": poetryDependencies.optional(),
          group: z.record(z.string(), group).optional(),
          scripts: z.record(z.string(), z.unknown()).optional(),
        })
        .optional(),
      uv: z.looseObject({ "dev-dependencies": requirements.optional() }).optional(),
      pytest: z.unknown().optional(),
    })
    .optional(),
});
export type PyProject = z.infer<typeof pyproject>;

export interface PythonProject {
  file: PyProject;
  name: string | undefined;
  version: string | undefined;
  requiresPython: { from: string; wanted: string } | undefined;
  /** Names of what it needs to run, in pip's normal form, extras that stand for a server included. */
  uses: ReadonlySet<string>;
  /** The file of requirements that is installed, where there is one. */
  requirements: string | undefined;
  testRequirements: string | undefined;
  /** Requirements of the groups for tests, where they stand in pyproject.toml in plain words. */
  testGroups: { extras: string[]; groups: string[]; lines: string[] };
  /** Whether it can be installed itself: by a build backend. */
  isInstallable: boolean;
  scripts: Record<string, string>;
  compiled: boolean;
}

const next = "Correct pyproject.toml; `pip install --dry-run .` shows how pip reads it.";
const testNames = /^(dev|develop|development|tests?|testing)$/;

/** Undefined where none of the files is there. */
export function readPythonProject(folder: ModuleFolder): PythonProject | undefined {
  const text = folder.read("pyproject.toml");
  const setup = `${folder.read("setup.cfg") ?? ""}\n${folder.read("setup.py") ?? ""}`;
  const file: PyProject =
    text === undefined ? {} : readToml<PyProject>(text, { path: "pyproject.toml", schema: pyproject, next });
  const found = (paths: string[]) => paths.find((path) => folder.read(path) !== undefined);
  const run = found(requirementFiles.run);
  const hasSetup = folder.read("setup.py") !== undefined || folder.read("setup.cfg") !== undefined;
  if (text === undefined && run === undefined && !hasSetup) return undefined;
  const { project } = file;
  const poetry = file.tool?.poetry;
  return {
    file,
    name: optionalNormal(project?.name ?? poetry?.name ?? setting(setup, "name") ?? packed(folder, "Name")),
    version: project?.version ?? poetry?.version ?? setting(setup, "version") ?? packed(folder, "Version"),
    requiresPython: requiresPython(file, setup),
    uses: new Set([
      ...(run === undefined ? [] : namesInFile(folder, run)),
      ...serversOf(run === undefined ? "" : (folder.read(run) ?? "")),
      ...namesOf(project?.dependencies ?? []),
      ...Object.keys(poetry?.dependencies ?? {}).map(normalName),
      ...serversOf(JSON.stringify([project?.dependencies, poetry?.dependencies])),
      ...setupNames(setup),
    ]),
    requirements: run,
    testRequirements: found(requirementFiles.test),
    testGroups: testGroups(file),
    isInstallable: hasSetup || project !== undefined || poetry?.name !== undefined,
    scripts: { ...setupScripts(setup), ...scriptsOf(file) },
    compiled: run !== undefined && isCompiled(folder.read(run) ?? ""),
  };
}

/** What a source distribution was packed as, where its own files leave that to a tool. */
function packed(folder: ModuleFolder, field: "Name" | "Version"): string | undefined {
  return new RegExp(`^${field}: (\\S+)\r?$`, "m").exec(folder.read("PKG-INFO") ?? "")?.[1];
}

function optionalNormal(name: string | undefined): string | undefined {
  return name === undefined ? undefined : normalName(name);
}

function requiresPython({ project, tool }: PyProject, setup: string): PythonProject["requiresPython"] {
  const own = project?.["requires-python"];
  if (own !== undefined) return { from: "requires-python in pyproject.toml", wanted: own };
  const poetry = tool?.poetry?.dependencies?.python;
  const wanted =
    typeof poetry === "object" && poetry !== null && "version" in poetry ? poetry.version : poetry;
  if (typeof wanted === "string") return { from: "python in pyproject.toml", wanted };
  const old = setting(setup, "python_requires");
  return old === undefined ? undefined : { from: "python_requires", wanted: old };
}

/** A setting that stands in plain words: `name = booking` in setup.cfg, `name="booking"` in setup.py. */
function setting(setup: string, name: string): string | undefined {
  const quoted = new RegExp(`^\\s*(?:setup\\(\\s*)?${name}\\s*=\\s*["']([^"'\\n]+)["']`, "m").exec(
    setup,
  )?.[1];
  if (quoted !== undefined) return quoted;
  const bare = new RegExp(`^${name}\\s*=\\s*([^"'\\s(\\n][^(\\n]*)$`, "m").exec(setup)?.[1]?.trim();
  return bare === undefined || bare.startsWith("attr:") || bare.startsWith("file:") ? undefined : bare;
}

/** `install_requires`, as a list in setup.py or as lines in setup.cfg. */
function setupNames(setup: string): string[] {
  const list = /install_requires\s*=\s*\[([^\]]*)\]/.exec(setup)?.[1];
  if (list !== undefined)
    return namesOf([...list.matchAll(/["']([^"']+)["']/g)].map((match) => match[1] ?? ""));
  const lines = /^install_requires\s*=\s*((?:\r?\n[ \t]+\S.*)+)/m.exec(setup)?.[1];
  return lines === undefined ? [] : namesOf(lines.split(/\r?\n/));
}

/** `console_scripts`, as a list or a text in setup.py, or as lines in setup.cfg. */
function setupScripts(setup: string): Record<string, string> {
  const after = setup.split(/["']?console_scripts["']?\]?\s*[:=]?/)[1] ?? "";
  const [own = ""] = after.split(/\]|"""|'''|\n\s*\[|\n\S/);
  const entries = [...own.matchAll(/([\w.-]+)\s*=\s*([\w.]+:[\w.]+)/g)];
  return Object.fromEntries(entries.map(([, name = "", target = ""]) => [name, target]));
}

function namesOf(lines: string[]): string[] {
  return lines.flatMap((line) => nameOf(line) ?? []);
}

/** `fastapi[standard]` and `uvicorn[standard]` bring the server with them. */
function serversOf(text: string): string[] {
  return /fastapi\s*\[[^\]]*(standard|all)|"fastapi":\{[^}]*"standard"/i.test(text) ? ["uvicorn"] : [];
}

function testGroups({ project, tool, ...file }: PyProject): PythonProject["testGroups"] {
  const extras = Object.entries(project?.["optional-dependencies"] ?? {}).filter(([name]) =>
    testNames.test(name),
  );
  const groups = Object.entries(file["dependency-groups"] ?? {}).filter(([name]) => testNames.test(name));
  const poetry = tool?.poetry;
  const legacy = poetry?.["dev-dependencies"] !== undefined || tool?.uv?.["dev-dependencies"] !== undefined;
  const named = [
    ...groups.map(([name]) => name),
    ...Object.keys(poetry?.group ?? {}).filter((name) => testNames.test(name)),
    ...(legacy ? ["dev"] : []),
  ];
  const own = normalName(project?.name ?? "");
  const lines = [...extras, ...groups].flatMap(([, list]) => list).filter((line) => typeof line === "string");
  return {
    extras: extras.map(([name]) => name),
    groups: [...new Set(named)],
    // An extra that names the project itself stands for its other extras, which are here already.
    lines: [...new Set(lines)].filter((line) => nameOf(line) !== undefined && nameOf(line) !== own),
  };
}

function scriptsOf({ project, tool }: PyProject): Record<string, string> {
  const poetry = Object.entries(tool?.poetry?.scripts ?? {}).filter(
    ([, target]) => typeof target === "string",
  );
  return { ...Object.fromEntries(poetry), ...project?.scripts } as Record<string, string>;
}
