import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inferFrom, refusalFrom } from "../../../test/support/infer-from.ts";
import { moduleSpecSchema, packageManagerSchema, runtimeSchema } from "../module/module-spec.ts";
import { modelFor } from "../pipeline/model-for.ts";
import { RefusalError } from "../refusal.ts";
import { stackOf, stacks, toolchainOf } from "./stacks.ts";

const goService = { "go.mod": "module example.com/rooms\n\ngo 1.25\n", "main.go": "package main\n" };
const nodePackage = JSON.stringify({ name: "tools", scripts: { start: "node server.js" } });

describe("the list of stacks", () => {
  test("has every runtime of the schema, in a folder of its name", () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((each) =>
      each.isDirectory(),
    );
    expect(folders.map(({ name }) => name).toSorted()).toEqual(runtimeSchema.options.toSorted());
    expect(stacks.map(({ runtime }) => runtime).toSorted()).toEqual(runtimeSchema.options.toSorted());
    for (const runtime of runtimeSchema.options) expect(stackOf(runtime).runtime).toBe(runtime);
  });

  test("has every package manager of the schema, in one stack each", () => {
    const managers = stacks.flatMap(({ packageManagers }) => packageManagers);
    expect(managers.toSorted()).toEqual(packageManagerSchema.options.toSorted());
  });
});

describe("a folder that could be of several languages", () => {
  test.each([
    ["a Go service with a package.json for its tools", { ...goService, "package.json": nodePackage }, "go"],
    ["a Go library beside a Node service", { "go.mod": "module x\n", "package.json": nodePackage }, "node"],
    [
      "a Node service with a pyproject.toml for its tools",
      { "package.json": nodePackage, "pyproject.toml": "[tool.ruff]\n" },
      "node",
    ],
    [
      "a Django project with a package.json for its assets",
      { "manage.py": "import django\n", "requirements.txt": "django\n", "package.json": "{}" },
      "python",
    ],
    [
      "a Node service with a Dockerfile",
      { "package.json": nodePackage, Dockerfile: "FROM node:24\nCMD node x\n" },
      "node",
    ],
    [
      "a Node package that starts nothing, with a Dockerfile that does",
      { "package.json": "{}", Dockerfile: 'FROM a\nCMD ["x"]\n' },
      "container",
    ],
    [
      "module.yaml has the last word",
      { ...goService, "package.json": nodePackage, "module.yaml": "runtime: node\n" },
      "node",
    ],
    [
      "so has the package manager in it",
      { ...goService, "package.json": nodePackage, "module.yaml": "packageManager: npm\n" },
      "node",
    ],
    [
      "the program of a start command tells",
      { ...goService, "package.json": "{}", "module.yaml": "start: node a.js\n" },
      "node",
    ],
  ])("%s: %#", (_, files, runtime) => {
    expect(inferFrom(files).runtime).toBe(runtime);
  });
});

describe("a module.yaml without a language's files", () => {
  test("is taken at its word where it says how it starts", () => {
    const spec = inferFrom({ "module.yaml": "start: python3 serve.py\n", "serve.py": "" });
    expect(spec).toMatchObject({
      runtime: "python",
      packageManager: "none",
      locked: true,
      manifestFiles: [],
    });
    expect(toolchainOf(spec).install).toEqual([]);
    const go = inferFrom({ "module.yaml": "runtime: go\nbuild: make\nstart: ./bin/x\n" });
    expect(go).toMatchObject({ runtime: "go", build: ["make"], start: ["./bin/x"] });
  });

  test("is asked for the runtime where the command does not tell, and for a start where there is none", () => {
    expect(refusalFrom({ "module.yaml": "start: ./serve\n" }).next).toContain("runtime:");
    expect(refusalFrom({ "module.yaml": "runtime: java\n" }).message).toMatch(/no way to start: .*pom\.xml/);
  });

  test("may ask for another version of the runtime, of those that are looked after", () => {
    expect(
      inferFrom({ "package.json": nodePackage, "module.yaml": "runtimeVersion: 22\n" }).runtimeVersion,
    ).toBe("22");
  });
});

describe("whatever the files of any language say", () => {
  const word = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      "name",
      "version",
      "1.0",
      "[project]",
      "<project>",
      "</project>",
      "<a",
      "{",
      "}",
      "(",
      ")",
      "=",
      '"',
      "'",
    ),
    fc.constantFrom(
      "module a.b/c",
      "go 1.25",
      "require (",
      "FROM a AS b",
      "CMD",
      `EXPOSE \${PORT}`,
      "rootProject.name = 'a'",
      "flask",
    ),
    fc.constantFrom(
      "lockfileVersion: '99'",
      "__metadata:\n  version: 3",
      "__proto__",
      "constructor",
      "\0",
      "\uFEFF",
      `\${a}`,
      "$(b)",
    ),
  );
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join("\n"));
  const path = fc.constantFrom(
    ...[
      "go.mod",
      "main.go",
      "pom.xml",
      "build.gradle",
      "build.gradle.kts",
      "settings.gradle",
      "App.csproj",
      "App.sln",
    ],
    ...[
      "pyproject.toml",
      "requirements.txt",
      "setup.cfg",
      "setup.py",
      "main.py",
      "manage.py",
      "Procfile",
      ".nvmrc",
    ],
    ...["package.json", "pnpm-lock.yaml", "yarn.lock", "poetry.lock", "uv.lock", ".yarnrc.yml", "Dockerfile"],
    ...[
      "module.yaml",
      ".env.example",
      "tests/test_a.py",
      "appsettings.json",
      "src/main/resources/application.yml",
    ],
  );
  const known = fc.constantFrom<Record<string, string>>(
    { "go.mod": "module a/b\n", "main.go": "package main" },
    { "package.json": nodePackage },
    { "requirements.txt": "flask\n", "app.py": "app = Flask(__name__)\n" },
    { Dockerfile: 'FROM a\nCMD ["a"]\n' },
    { "App.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>' },
    { "build.gradle": "plugins { id 'application' }", "settings.gradle": "rootProject.name = 'a'" },
    {},
  );

  test("the answer is a module with a pipeline, or a refusal with a way on, and both come up", () => {
    const seen = { valid: 0, refused: 0 };
    const folder = fc
      .tuple(fc.dictionary(path, text, { maxKeys: 4 }), known)
      .map(([any, sure]) => ({ ...any, ...sure }));
    fc.assert(
      fc.property(folder, (files) => {
        try {
          const spec = inferFrom(files);
          expect(moduleSpecSchema.parse(spec)).toEqual(spec);
          const model = modelFor({
            tenantId: "t",
            module: spec,
            folder: "",
            targetBranch: "main",
            environments: [],
          });
          for (const { run } of model.stages.flatMap(({ steps }) => steps))
            expect(run.every((each) => typeof each === "string" && each !== "")).toBe(true);
          seen.valid += 1;
        } catch (error) {
          if (!(error instanceof RefusalError)) throw error;
          expect(error.refusal).toMatchObject({ code: "ModuleInvalid", next: expect.stringMatching(/\w/) });
          seen.refused += 1;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(100);
  });
});
