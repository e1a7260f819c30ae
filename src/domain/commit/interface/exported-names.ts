/** The names that a JavaScript or TypeScript file exports, through its own re-exports, with what can be said of each. */
import { posix } from "node:path";
import { type ExportNamedDeclaration, type Program, parseSync } from "oxc-parser";
import { commonJsExports } from "./common-js-exports.ts";
import { declaredNames, defaultSignature, localNames, nameOf } from "./declarations.ts";
import type { ModuleFiles } from "./module-files.ts";
import { sourceFiles } from "./package-entries.ts";
import { type Signature, spanText, type TextOf } from "./signature.ts";

type Names = Map<string, Signature>;

/** Undefined where the file is not there or cannot be parsed. */
export function exportedNames(files: ModuleFiles, entry: string): Names | undefined {
  return new ExportReader(files).read(entry);
}

class ExportReader {
  private readonly files: ModuleFiles;
  private readonly known = new Map<string, Names | undefined>();

  constructor(files: ModuleFiles) {
    this.files = files;
  }

  read(path: string): Names | undefined {
    if (this.known.has(path)) return this.known.get(path);
    const names: Names = new Map();
    // Files that export each other: the second look finds what there is so far.
    this.known.set(path, names);
    const source = this.files.read(path);
    const parsed = source === undefined ? undefined : parseSync(path, source);
    if (source === undefined || parsed === undefined || parsed.errors.length > 0) {
      this.known.set(path, undefined);
      return undefined;
    }
    this.collect({ path, program: parsed.program, text: spanText(source), names });
    return names;
  }

  private collect(file: { path: string; program: Program; text: TextOf; names: Names }): void {
    const { path, program, text, names } = file;
    const local = localNames(program, text);
    const imported = this.importedNames(path, program);
    const find = (name: string) => local.get(name) ?? imported.get(name)?.() ?? ({ kind: "value" } as const);
    for (const statement of program.body) {
      if (statement.type === "ExportAllDeclaration") this.collectAll(path, statement, names);
      else if (statement.type === "ExportNamedDeclaration") {
        for (const name of declaredNames(statement.declaration)) names.set(name, find(name));
        this.collectSpecifiers(path, statement, { names, find });
      } else if (statement.type === "ExportDefaultDeclaration") {
        const { declaration } = statement;
        names.set(
          "default",
          declaration.type === "Identifier" ? find(declaration.name) : defaultSignature(declaration, text),
        );
      } else if (statement.type === "TSExportAssignment")
        names.set(
          "default",
          statement.expression.type === "Identifier" ? find(statement.expression.name) : { kind: "value" },
        );
    }
    for (const [name, signature] of commonJsExports(program, text, find)) names.set(name, signature);
  }

  private collectAll(
    path: string,
    statement: { exported: object | null; source: { value: string } },
    names: Names,
  ): void {
    const from = statement.source.value;
    if (statement.exported !== null) {
      names.set(nameOf(statement.exported), { kind: "text", text: `all of ${from}` });
      return;
    }
    const target = this.resolve(path, from);
    if (target === undefined) names.set(`* from ${from}`, { kind: "value" });
    for (const [name, signature] of (target === undefined ? undefined : this.read(target)) ?? [])
      if (name !== "default" && !names.has(name)) names.set(name, signature);
  }

  private collectSpecifiers(
    path: string,
    statement: ExportNamedDeclaration,
    { names, find }: { names: Names; find(name: string): Signature },
  ): void {
    for (const { local, exported } of statement.specifiers) {
      const name = nameOf(local);
      const signature =
        statement.source === null ? find(name) : this.signatureFrom(path, statement.source.value, name);
      names.set(nameOf(exported), signature);
    }
  }

  private importedNames(path: string, program: Program): Map<string, () => Signature> {
    const found = new Map<string, () => Signature>();
    for (const statement of program.body) {
      if (statement.type !== "ImportDeclaration") continue;
      for (const specifier of statement.specifiers) {
        const name =
          specifier.type === "ImportSpecifier"
            ? nameOf(specifier.imported)
            : specifier.type === "ImportDefaultSpecifier"
              ? "default"
              : undefined;
        if (name !== undefined)
          found.set(specifier.local.name, () => this.signatureFrom(path, statement.source.value, name));
      }
    }
    return found;
  }

  private signatureFrom(path: string, from: string, name: string): Signature {
    const target = this.resolve(path, from);
    if (target === undefined) return { kind: "text", text: `${name} of ${from}` };
    return this.read(target)?.get(name) ?? { kind: "value" };
  }

  private resolve(path: string, from: string): string | undefined {
    if (!from.startsWith(".")) return undefined;
    const asked = posix.normalize(posix.join(posix.dirname(path), from));
    const stem = asked.replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
    return [...sourceFiles(stem), asked].find((one) => this.files.paths.has(one));
  }
}
