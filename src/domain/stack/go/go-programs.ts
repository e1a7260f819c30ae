/** The programs of a Go module: its folders with a `package main`, of those where services have theirs. */
import type { ModuleFolder } from "../stack.ts";

/** At the top, in cmd, and in folders of cmd; what Go itself leaves out is left out. */
const sources = /^(?:cmd\/(?:[^/_.][^/]*\/)?)?[^/_.][^/]*\.go$/;

export function isProgramSource(path: string): boolean {
  return sources.test(path) && !path.endsWith("_test.go");
}

/** Folders, the top as `.`. */
export function programFolders(folder: ModuleFolder): string[] {
  const found = new Set<string>();
  for (const path of folder.paths) {
    if (!isProgramSource(path) || !declaresMain(folder.read(path) ?? "")) continue;
    const end = path.lastIndexOf("/");
    found.add(end === -1 ? "." : path.slice(0, end));
  }
  return [...found].sort();
}

const words = ["server", "api", "app", "service", "serve", "web", "main"];

/** The one that is the service: the only one, else by the module's name, the top, or what servers are called. */
export function chooseProgram(folders: string[], name: string): string | undefined {
  if (folders.length <= 1) return folders[0];
  return [`cmd/${name}`, ".", ...words.map((word) => `cmd/${word}`), "cmd"].find((each) =>
    folders.includes(each),
  );
}

/** Past comments, a build constraint that leaves the file out included. */
function declaresMain(text: string): boolean {
  if (/^\/\/go:build\s+(ignore|tools?)\b/m.test(text)) return false;
  return /^package\s+main\b/m.test(text.replaceAll(/\/\*[\s\S]*?\*\//g, ""));
}
