/** Python: requirements, pyproject.toml or setup.py, resolved by pip, Poetry or uv. */
import { known, nameFact, versionFact } from "../facts.ts";
import { describesPort, readPort } from "../read-port.ts";
import type { Asked, ModuleFolder, Stack, StackFacts } from "../stack.ts";
import { installSteps, packages, scaffolding, testPackages } from "./python-install.ts";
import { hasSourceFolder, isEntrySource } from "./python-layout.ts";
import { choosePythonManager, lockOf, requireKnownTool } from "./python-manager.ts";
import { readPythonProject } from "./python-project.ts";
import { pythonFramework, pythonStart } from "./python-start.ts";
import { describesTests, pythonTests } from "./python-tests.ts";
import { pythonVersion, pythonVersionFiles } from "./python-version.ts";
import { isRequirementsFile } from "./requirements.ts";

const manifests = ["pyproject.toml", "setup.py", "setup.cfg"];

export const pythonStack: Stack = {
  runtime: "python",
  label: "Python",
  packageManagers: ["pip", "poetry", "uv"],
  manifest: "pyproject.toml or requirements.txt",
  isManifest: (name) => ["pyproject.toml", "requirements.txt", "setup.py"].includes(name),
  describes: (path) =>
    manifests.includes(path) ||
    pythonVersionFiles.includes(path) ||
    path === "Procfile" ||
    path === "PKG-INFO" ||
    isRequirementsFile(path) ||
    isEntrySource(path) ||
    describesTests(path) ||
    describesPort(path),
  recognise,
  toolchain: (module) => ({
    install: module.install ?? [],
    prune: ["rm", "-rf", ...scaffolding],
    caches: [{ name: "pip", variable: "PIP_CACHE_DIR", folder: ".cache/pip" }],
    inventories: (path) =>
      /^\.packages\/[^/]+\.dist-info\/METADATA$/.test(path) ||
      /^(uv|poetry)\.lock$|^requirements\.txt$/.test(path),
    leavesOut: (path) =>
      scaffolding.some((each) => path === each || path.startsWith(`${each}/`)) ||
      // Programs that pip writes hold the path of the Python that built them.
      /^\.packages\/bin\/|^\.cache\/pip\/|^(build|[^/]+\.egg-info|src\/[^/]+\.egg-info)\/|^(junit|coverage)\.xml$|^\.coverage$/.test(
        path,
      ) ||
      /(^|\/)(__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache)\//.test(path),
  }),
};

function recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined {
  const project = readPythonProject(folder);
  if (project === undefined) {
    requireKnownTool(folder);
    return undefined;
  }
  const manager = choosePythonManager(project, folder, asked.packageManager);
  const lock = lockOf(manager);
  const isLocked = lock === undefined ? project.compiled : folder.paths.has(lock);
  const tests = pythonTests(project, folder, asked.test);
  const start = pythonStart(project, folder);
  const path = pythonPath(folder);
  const install = installSteps({
    manager,
    project,
    isLocked,
    tested: tests !== undefined,
    usesPytest: tests?.usesPytest ?? false,
    covers: tests?.reports?.coverage !== undefined,
  });
  return known<StackFacts>({
    packageManager: manager,
    runtimeVersion: pythonVersion(folder, project.requiresPython),
    framework: pythonFramework(project),
    locked: isLocked,
    manifestFiles: [...folder.paths]
      .filter((each) => manifests.includes(each) || each === lock || isRequirementsFile(each))
      .sort(),
    name: nameFact(project.name, "the project's name"),
    version: versionFact(project.version, "the project's version"),
    install,
    test: tests?.test,
    reports: tests?.reports,
    testEnvironment:
      tests === undefined
        ? undefined
        : { PYTHONPATH: [packages, testPackages, ...path].join(":"), ...tests.environment },
    start: start?.start,
    portVariable: asked.start === undefined ? start?.portVariable : undefined,
    port: readPort(folder, { lines: [procfile(folder)], start: asked.start ?? start?.start }),
    environment: { PYTHONPATH: [packages, ...path].join(":"), PYTHONUNBUFFERED: "1" },
    noStart: {
      lookedFor:
        "no web line in a Procfile, no application of a known framework, no manage.py, no single script of the project, no main.py, app.py or server.py",
      next: "Add a main.py, or say it in module.yaml: `start: python3 -m uvicorn app.main:app --host 0.0.0.0`.",
    },
  });
}

/** Relative to the working directory, which is the module's folder wherever a release lies. */
function pythonPath(folder: ModuleFolder): string[] {
  return hasSourceFolder(folder) ? ["src"] : [];
}

function procfile(folder: ModuleFolder): string | undefined {
  return /^web:.*$/m.exec(folder.read("Procfile") ?? "")?.[0];
}
