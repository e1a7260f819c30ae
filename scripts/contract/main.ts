/**
 * `node scripts/contract/main.ts [--check]`: writes what is made of the catalogue's types, src/http/openapi/answers.json
 * and client/src/schema.d.ts; with --check it writes nothing and fails where they are not what would be written.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import openapiTypescript, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { type OpenApiDocument, openApiDocument } from "../../src/http/openapi/document.ts";
import { readAnswers } from "./read-answers.ts";

const root = path.dirname(path.dirname(import.meta.dirname));
const answers = readAnswers(root);
const document = openApiDocument("0", answers);
const types = await openapiTypescript(JSON.stringify(belowTheApi(document)), { alphabetize: true });

/** A client has one base address: what lies elsewhere on the server is in the document, and in its types a schema alone. */
function belowTheApi({ paths, ...rest }: OpenApiDocument): OpenApiDocument {
  const isElsewhere = (methods: object) => Object.values(methods).some((one) => "servers" in one);
  return {
    ...rest,
    paths: Object.fromEntries(Object.entries(paths).filter(([, methods]) => !isElsewhere(methods))),
  } as OpenApiDocument;
}

const files = {
  "src/http/openapi/answers.json": `${JSON.stringify(answers, null, 1)}\n`,
  "client/src/schema.d.ts": COMMENT_HEADER + astToString(types),
};
const stale = Object.entries(files).filter(([file, text]) => {
  const place = path.join(root, file);
  return !existsSync(place) || readFileSync(place, "utf8") !== text;
});

if (process.argv.includes("--check")) {
  for (const [file] of stale) process.stderr.write(`${file} is not what the catalogue's types say.\n`);
  if (stale.length > 0) process.stderr.write("Make it anew: npm run contract\n");
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [file, text] of stale) {
    writeFileSync(path.join(root, file), text);
    process.stdout.write(`${file}\n`);
  }
}
