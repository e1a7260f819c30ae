import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export interface SourceFile {
  /** From the repository's root. */
  path: string;
  /** Files of this repository that it imports, types included, from the repository's root. */
  imports: string[];
  packages: string[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** The formatter puts a statement at the start of its line, which tells it from one inside a template string. */
const statements = /^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*"([^"]+)"/gm;
const dynamicImports = /\bimport\(\s*"([^"]+)"\s*\)/g;

/** Every TypeScript file of the program and of Studio with what it imports. */
export function readImports(): SourceFile[] {
  return globSync(["src/**/*.ts", "studio/{app,features,ui}/**/*.{ts,tsx}"], { cwd: root })
    .sort()
    .map(readFile);
}

function readFile(file: string): SourceFile {
  const text = readFileSync(path.join(root, file), "utf8");
  const names = [statements, dynamicImports].flatMap((form) =>
    [...text.matchAll(form)].map((match) => match[1] ?? ""),
  );
  const isLocal = (name: string) => name.startsWith(".");
  return {
    path: file,
    imports: names.filter(isLocal).map((name) => path.join(path.dirname(file), name)),
    packages: names.filter((name) => !isLocal(name)),
  };
}
