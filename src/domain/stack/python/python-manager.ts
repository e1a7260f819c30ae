/** Which tool resolves a Python module. */
import type { PackageManager } from "../../module/module-spec.ts";
import { refuse } from "../../refusal.ts";
import type { ModuleFolder } from "../stack.ts";
import type { PythonProject } from "./python-project.ts";

export type PythonManager = "pip" | "poetry" | "uv";

const lockFiles: Record<Exclude<PythonManager, "pip">, string> = { uv: "uv.lock", poetry: "poetry.lock" };

/** module.yaml, then the one lock file that is there, then whose settings are in pyproject.toml, then pip. */
export function choosePythonManager(
  { file }: PythonProject,
  { paths }: ModuleFolder,
  asked: PackageManager | undefined,
): PythonManager {
  if (asked === "pip" || asked === "poetry" || asked === "uv") return asked;
  const hasUv = paths.has(lockFiles.uv);
  const hasPoetry = paths.has(lockFiles.poetry);
  if (hasUv && hasPoetry)
    throw refuse(
      "ModuleInvalid",
      "uv.lock and poetry.lock are both there, and nothing says whether uv or Poetry resolves the module; expected one lock file, or a choice.",
      "Remove the stale one, or choose: `packageManager: uv` or `packageManager: poetry` in module.yaml.",
    );
  if (hasUv) return "uv";
  if (hasPoetry) return "poetry";
  if (file.tool?.uv !== undefined && file.project !== undefined) return "uv";
  return file.tool?.poetry?.dependencies !== undefined ? "poetry" : "pip";
}

export function lockOf(manager: PythonManager): string | undefined {
  return manager === "pip" ? undefined : lockFiles[manager];
}

/** Refuses what only a tool could resolve that is not known. */
export function requireKnownTool({ paths }: ModuleFolder): void {
  if (!paths.has("Pipfile")) return;
  throw refuse(
    "ModuleInvalid",
    "Pipfile is of Pipenv; expected a module that pip, Poetry or uv resolves.",
    "Run `pipenv requirements > requirements.txt` and hand that over too.",
  );
}
