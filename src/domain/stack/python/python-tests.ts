/** How a Python module is tested: pytest where anything speaks of it, Django's runner, unittest. */
import type { Command, Reports } from "../../module/module-spec.ts";
import type { ModuleFolder } from "../stack.ts";
import { isTestSource } from "./python-layout.ts";
import type { PythonProject } from "./python-project.ts";
import { namesInFile } from "./requirements.ts";

export interface PythonTests {
  test: Command;
  usesPytest: boolean;
  reports?: Reports;
  environment: Record<string, string>;
}

const junit = "junit.xml";
const coverage = "coverage.xml";
const settings = ["pytest.ini", ".pytest.ini", "setup.cfg", "tox.ini", "pyproject.toml"];

export function pythonTests(
  project: PythonProject,
  folder: ModuleFolder,
  asked: Command | undefined,
): PythonTests | undefined {
  const test = asked ?? testCommand(project, folder);
  if (test === undefined) return undefined;
  const usesPytest = test.some((word) => word === "pytest" || word.endsWith("/pytest"));
  if (!usesPytest) return { test, usesPytest, environment: {} };
  // The plugin measures only where its own option is set, and says nothing of its report.
  const covers = settings.some((path) =>
    /^\s*addopts\b[^\n]*(\n[ \t"'-][^\n]*)*--cov\b/m.test(folder.read(path) ?? ""),
  );
  const options = [`--junitxml=${junit}`, ...(covers ? [`--cov-report=xml:${coverage}`] : [])];
  return {
    test,
    usesPytest,
    environment: { PYTEST_ADDOPTS: options.join(" ") },
    reports: { junit: [junit], ...(covers ? { coverage: { format: "cobertura", path: coverage } } : {}) },
  };
}

function testCommand(project: PythonProject, folder: ModuleFolder): Command | undefined {
  const sources = [...folder.paths].filter(isTestSource);
  if (sources.length === 0) return undefined;
  if (speaksOfPytest(project, folder, sources)) return ["python3", "-m", "pytest"];
  if (folder.paths.has("manage.py")) return ["python3", "manage.py", "test"];
  if (!sources.some((path) => /\bunittest\b/.test(folder.read(path) ?? ""))) return undefined;
  const inFolder = sources.every((path) => path.startsWith("tests/"));
  if (!inFolder) return ["python3", "-m", "unittest", "discover"];
  const isPackage = folder.paths.has("tests/__init__.py");
  return ["python3", "-m", "unittest", "discover", "-s", "tests", ...(isPackage ? ["-t", "."] : [])];
}

function speaksOfPytest(project: PythonProject, folder: ModuleFolder, sources: string[]): boolean {
  const { testRequirements: path, testGroups, uses, file } = project;
  const named = [...testGroups.lines, ...(path === undefined ? [] : namesInFile(folder, path)), ...uses];
  if (named.some((name) => /^pytest\b/i.test(name))) return true;
  if (file.tool?.pytest !== undefined || /"pytest"/.test(JSON.stringify(file.tool?.poetry ?? {})))
    return true;
  if (
    ["pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py"].some((each) => folder.paths.has(each))
  )
    return true;
  if (/^\[(tool:)?pytest\]/m.test(`${folder.read("setup.cfg") ?? ""}\n${folder.read("tox.ini") ?? ""}`))
    return true;
  const form = /^(import|from) pytest\b|^(async )?def test_/m;
  return sources.some((each) => form.test(folder.read(each) ?? ""));
}

/** Files that say how tests are run: their settings, and enough of the tests to tell their runner. */
export function describesTests(path: string): boolean {
  return (
    ["pytest.ini", ".pytest.ini", "tox.ini"].includes(path) ||
    /^(tests?\/)?(unit\/)?(test_[^/]*|[^/]*_test)\.py$/.test(path)
  );
}
