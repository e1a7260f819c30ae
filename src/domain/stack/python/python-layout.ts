/** Where a project's own code lies, and which of its files may hold its application. */
import type { ModuleFolder } from "../stack.ts";

const names = "main|app|api|server|application|wsgi|asgi|run|web|service|core|__init__|__main__|manage";
const source = new RegExp(`^(?:src/)?(?:[a-z_]\\w*/){0,2}(?:${names})\\.py$`, "i");
const left = /(^|\/)(tests?|docs?|examples?|scripts?|migrations|node_modules|\.venv|venv|build|dist)\//;

/** Whether this file may say how the module starts. */
export function isEntrySource(path: string): boolean {
  return source.test(path) && !left.test(path);
}

export function isTestSource(path: string): boolean {
  return (
    /(^|\/)(test_[^/]*|[^/]*_test|tests)\.py$/.test(path) && !/(^|\/)(node_modules|\.?venv)\//.test(path)
  );
}

/** A `src` folder that is no package itself: its content is imported without its name. */
export function hasSourceFolder({ paths }: ModuleFolder): boolean {
  if (paths.has("src/__init__.py")) return false;
  return [...paths].some((path) => /^src\/([a-z_]\w*\/)?[a-z_]\w*\.py$/i.test(path));
}

/** `app/main.py` is imported as app.main. */
export function importName(path: string, folder: ModuleFolder): string {
  const inner = hasSourceFolder(folder) ? path.replace(/^src\//, "") : path;
  return inner
    .replace(/\.py$/, "")
    .replaceAll("/", ".")
    .replace(/\.__init__$/, "");
}

/** Files that may hold the application: the shallower first, then by what applications are called. */
export function entrySources(folder: ModuleFolder): string[] {
  const depth = (path: string) => path.replace(/^src\//, "").split("/").length;
  const order = names.split("|");
  const rank = (path: string) => order.indexOf(/([^/]+)\.py$/.exec(path)?.[1] ?? "");
  return [...folder.paths]
    .filter(isEntrySource)
    .sort((a, b) => depth(a) - depth(b) || rank(a) - rank(b) || (a < b ? -1 : 1));
}
