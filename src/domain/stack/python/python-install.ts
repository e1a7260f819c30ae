/**
 * How Python's dependencies are resolved: into `.packages`, a plain folder that PYTHONPATH names, because a virtual
 * environment holds the path at which it was made and an artifact is used at another. What only tests need has a
 * folder of its own, so that nothing has to be taken out again. Poetry and uv write down what they have locked,
 * with hashes, and pip installs it. Wheels only: a source distribution runs its author's code when it is
 * installed. A module that needs one says so in its requirements: `--no-binary <name>`.
 */
import type { Command } from "../../module/module-spec.ts";
import type { InstallStep } from "../stack.ts";
import type { PythonManager } from "./python-manager.ts";
import type { PythonProject } from "./python-project.ts";
import { nameOf } from "./requirements.ts";

export const packages = ".packages";
export const testPackages = ".packages-test";
const tools = ".tools";
const locked = ".requirements.lock.txt";
const lockedForTests = ".requirements-test.lock.txt";

/** Beside the module's own files while it is built; not part of what runs. */
export const scaffolding = [testPackages, tools, locked, lockedForTests];

/** Reviewed versions of the tools, which are installed beside the module and not into it. */
const toolRequirements = { poetry: ["poetry==2.5.1", "poetry-plugin-export==1.10.1"], uv: ["uv==0.13.9"] };

export interface InstallQuestion {
  manager: PythonManager;
  project: PythonProject;
  isLocked: boolean;
  tested: boolean;
  /** Tests are written for pytest. */
  usesPytest: boolean;
  /** Its settings ask for pytest-cov. */
  covers: boolean;
}

export function installSteps(question: InstallQuestion): InstallStep[] {
  const { manager } = question;
  return manager === "pip" ? pipSteps(question) : lockedSteps(question, manager);
}

function pipSteps({ project, tested, ...runner }: InstallQuestion): InstallStep[] {
  const run = runRequirements(project);
  const test = testRequirements(project, runner);
  return [
    ...(run.length === 0 ? [] : [{ name: "install", run: pipInstall(packages, run) }]),
    ...(tested && test.length > 0 ? [{ name: "install-tests", run: pipInstall(testPackages, test) }] : []),
  ];
}

function runRequirements({ requirements, isInstallable, file }: PythonProject): string[] {
  if (requirements !== undefined) return ["-r", requirements];
  if (!isInstallable) return [];
  // Without a build system it is no package, only a list of what it needs.
  const { project } = file;
  return project !== undefined && file["build-system"] === undefined ? (project.dependencies ?? []) : ["."];
}

function testRequirements(
  { testRequirements: path, testGroups, uses }: PythonProject,
  { usesPytest, covers }: Pick<InstallQuestion, "usesPytest" | "covers">,
): string[] {
  if (path !== undefined) return ["-r", path];
  const named = (name: string) => uses.has(name) || testGroups.lines.some((line) => nameOf(line) === name);
  return [
    ...testGroups.lines,
    ...(usesPytest && !named("pytest") ? ["pytest"] : []),
    ...(covers && !named("pytest-cov") ? ["pytest-cov"] : []),
  ];
}

function lockedSteps(question: InstallQuestion, manager: "poetry" | "uv"): InstallStep[] {
  const { project, isLocked, tested, usesPytest } = question;
  const { groups, extras } = project.testGroups;
  const commands = manager === "uv" ? uv : poetry;
  const exportsTests = tested && groups.length + (manager === "uv" ? extras.length : 0) > 0;
  const adds = tested && !exportsTests && usesPytest && !project.uses.has("pytest");
  return [
    { name: "install-tool", run: pipInstall(tools, toolRequirements[manager]) },
    ...(isLocked ? [] : [{ ...commands.lock(), name: "install-lock" }]),
    { ...commands.export(locked), name: "export" },
    { name: "install", run: pipInstall(packages, ["--no-deps", "-r", locked]) },
    ...(exportsTests
      ? [{ ...commands.exportTests(lockedForTests, groups, extras), name: "export-tests" }]
      : []),
    ...(exportsTests
      ? [{ name: "install-tests", run: pipInstall(testPackages, ["--no-deps", "-r", lockedForTests]) }]
      : []),
    ...(adds ? [{ name: "install-tests", run: pipInstall(testPackages, ["pytest"]) }] : []),
  ];
}

type Step = Omit<InstallStep, "name">;

interface LockingTool {
  lock(): Step;
  export(to: string): Step;
  exportTests(to: string, groups: string[], extras: string[]): Step;
}

const uv: LockingTool = {
  lock: () => runUv(["lock"]),
  export: (to) => runUv(["export", ...uvQuiet, "--no-dev", "--output-file", to]),
  exportTests: (to, groups, extras) =>
    runUv([
      "export",
      ...uvQuiet,
      ...(groups.length > 0
        ? groups.flatMap((group) => ["--only-group", group])
        : extras.flatMap((extra) => ["--extra", extra])),
      "--output-file",
      to,
    ]),
};
const uvQuiet = ["--frozen", "--no-emit-project", "--quiet", "--format", "requirements-txt"];

/** A program of its own kind, so it needs no Python to start; it must not fetch one either. */
function runUv(words: Command): Step {
  return { run: [`${tools}/bin/uv`, ...words], environment: { UV_PYTHON_DOWNLOADS: "never" } };
}

const poetry: LockingTool = {
  lock: () => runPoetry(["lock"]),
  export: (to) => runPoetry(["export", "--format", "requirements.txt", "--output", to]),
  exportTests: (to, groups) =>
    runPoetry(["export", "--only", groups.join(","), "--format", "requirements.txt", "--output", to]),
};

function runPoetry(words: Command): Step {
  const [command = "", ...rest] = words;
  return {
    run: ["python3", "-m", "poetry", command, "--no-interaction", ...rest],
    environment: { PYTHONPATH: tools, POETRY_VIRTUALENVS_CREATE: "false" },
  };
}

/** Without bytecode: it holds times, and the same dependencies are to be the same bytes. */
function pipInstall(target: string, what: string[]): Command {
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"];
  return ["python3", "-m", "pip", "install", ...quiet, "--only-binary", ":all:", "--target", target, ...what];
}
