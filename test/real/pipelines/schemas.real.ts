/** The platforms' own schemas, as check-jsonschema carries them, over what the dialects write for every language. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { dialects } from "../../../src/adapters/dialect/index.ts";
import type { RenderedFile } from "../../../src/domain/pipeline/pipeline-model.ts";
import { samplePipelineModelOf, sampleRuntimes } from "../../support/pipeline-model.ts";
import { checkJsonschema } from "./tools.ts";

const run = promisify(execFile);
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "connectsoft-schemas-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const checks = {
  "github-actions": ["--builtin-schema", "vendor.github-workflows"],
  "gitlab-ci": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
  // Its patterns are older than regular expressions' Unicode mode.
  "azure-pipelines": [
    "--builtin-schema",
    "vendor.azure-pipelines",
    "--data-transform",
    "azure-pipelines",
    "--regex-variant",
    "nonunicode",
  ],
};

test.for(dialects)("$name writes what its platform's schema asks for", async (dialect, { skip }) => {
  const tool = await checkJsonschema();
  if ("missing" in tool) return skip(tool.missing);
  const files = sampleRuntimes.flatMap((runtime) =>
    ["", "services/booking"].flatMap((folder) =>
      dialect.render(samplePipelineModelOf(runtime, { folder })).map(({ path, content }) => ({
        path: join(place, dialect.name, `${runtime}${folder === "" ? "" : "-monorepo"}`, path),
        content: dialect.name === "azure-pipelines" ? asTheSchemaReads(content) : content,
      })),
    ),
  );
  expect(await complaints(tool.program, dialect.name, files)).toBe("");
});

test.for(dialects)(
  "$name's schema refuses a file that is wrong, and so it is one that looks",
  async ({ name }, { skip }) => {
    const tool = await checkJsonschema();
    if ("missing" in tool) return skip(tool.missing);
    const [file] =
      dialects.find((dialect) => dialect.name === name)?.render(samplePipelineModelOf("node")) ?? [];
    const wrong = {
      path: join(place, "wrong", `${name}.yml`),
      content: stringify({ ...parse(file?.content ?? ""), stages: 5, jobs: 5 }),
    };
    expect(await complaints(tool.program, name, [wrong])).toContain(`${name}.yml`);
  },
);

/** What the checker says; nothing where it has nothing to say. */
async function complaints(
  program: string,
  name: keyof typeof checks,
  files: RenderedFile[],
): Promise<string> {
  for (const { path, content } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const paths = files.map(({ path }) => path);
  return run(program, [...checks[name], ...paths], { maxBuffer: 256 * 1024 * 1024 }).then(
    () => "",
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`.slice(0, 4000),
  );
}

/**
 * Azure Pipelines reads every scalar as a text, and its schema says so. Two tasks of Microsoft's have come without their inputs into
 * it: they are shown to it under the names of older ones.
 */
function asTheSchemaReads(content: string): string {
  const texts = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(texts);
    if (typeof value !== "object" || value === null) return String(value);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner)]));
  };
  return stringify(texts(parse(content)))
    .replace(/UseNode@1([\s\S]*?)version:/g, "NodeTool@0$1versionSpec:")
    .replace(
      /PublishCodeCoverageResults@2([\s\S]*?)summaryFileLocation:/g,
      "PublishPipelineArtifact@1$1targetPath:",
    );
}
