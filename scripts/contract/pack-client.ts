/** `node scripts/contract/pack-client.ts <folder>`: the client as it is published there, in JavaScript with its types. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const client = path.resolve(import.meta.dirname, "../../client");
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Usage: node scripts/contract/pack-client.ts <folder>");

mkdirSync(folder, { recursive: true });
const { emitSkipped, diagnostics } = ts
  .createProgram([path.join(client, "src/index.ts")], {
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.es2024.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    types: [],
    strict: true,
    skipLibCheck: true,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    noEmitOnError: true,
    rootDir: path.join(client, "src"),
    outDir: path.join(folder, "dist"),
  })
  .emit();
if (emitSkipped)
  throw new Error(diagnostics.map(({ messageText }) => JSON.stringify(messageText)).join("\n"));
cpSync(path.join(client, "src/schema.d.ts"), path.join(folder, "dist/schema.d.ts"));
for (const file of ["README.md", "../LICENSE"])
  cpSync(path.join(client, file), path.join(folder, path.basename(file)));
const manifest = JSON.parse(readFileSync(path.join(client, "package.json"), "utf8"));
const published = {
  ...manifest,
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
};
writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
