/** What every dialect must hold to, whatever its platform. */
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  samplePipelineModel as model,
  samplePipelineModelOf,
  sampleRuntimes,
} from "../../test/support/pipeline-model.ts";
import type { Command } from "../domain/module/module-spec.ts";
import { isGenerated } from "../domain/pipeline/generated-mark.ts";
import { carryOverRegions } from "../domain/pipeline/kept-regions.ts";
import type { PipelineModel, PipelineStep, RenderedFile } from "../domain/pipeline/pipeline-model.ts";
import { shellLine } from "../domain/pipeline/shell-line.ts";
import type { PipelineDialect } from "./pipeline-dialect.ts";

export function pipelineDialectConformance(dialect: PipelineDialect): void {
  for (const runtime of sampleRuntimes)
    for (const folder of ["", "services/booking"])
      describe(`${runtime} ${folder === "" ? "in a repository of its own" : "in a monorepo"}`, () =>
        everyModel(dialect, samplePipelineModelOf(runtime, { folder })));

  test("names no stage that does not run", () => {
    const { stages, ...rest } = model();
    const files = dialect.render({ ...rest, stages: stages.filter(({ name }) => name === "build") });
    expect(linesIn(files)).not.toContain("npm test");
    expect(files.map(({ path }) => path)).not.toContain("test.yaml");
  });

  test("leaves scanning to the platform's own tools: the model's is the local runner's", () => {
    const scan = {
      name: "scan" as const,
      steps: [{ name: "scan", run: ["own-scanner"], timeoutSeconds: 60 }],
    };
    const files = dialect.render(model({ stages: [...model().stages, scan] }));
    expect(textOf(files)).not.toContain("own-scanner");
    expect(textOf(files)).toMatch(/trivy\S*@sha256:/);
  });

  test("deploys nothing unless the platform is told to, and then to every environment in turn", () => {
    expect(textOf(dialect.render(model()))).toMatch(/if.*CONNECTSOFT_DEPLOY_FROM_CI'?\]?,? ?.*true/);
    expect(textOf(dialect.render(model({ environments: [] })))).not.toMatch(/helm|CONNECTSOFT_DEPLOY/);
  });

  test("keeps a command's arguments apart, whatever is in them", () => {
    const hostile: Command = ["node", "it's; rm -rf /", "a: b # c", "$HOME", "`id`", "line\nbreak", "- x"];
    const files = dialect.render(withTest({ name: "test", run: hostile, timeoutSeconds: 60 }));
    expect(linesIn(files)).toContain(shellLine(hostile));
  });

  test.each([
    "$".concat("{{ secrets.TOKEN }}"),
    "$(System.AccessToken)",
    "$[variables.token]",
    "$CI_JOB_TOKEN",
  ])("hands %s in a command, a variable or a report's path on as text", (expression) => {
    const step = {
      name: "test",
      run: ["echo", expression, `x${expression}`],
      timeoutSeconds: 60,
      environment: { OF_STEP: expression },
    };
    const files = dialect.render({
      ...withTest(step),
      environment: { OF_MODEL: expression },
      reports: { junit: [`reports/${expression}.xml`], coverage: { format: "cobertura", path: expression } },
      manifestFiles: [`${expression}.json`],
    });
    expect(textOf(files)).not.toContain(expression);
    const words = ["env", `OF_MODEL=${expression}`, `OF_STEP=${expression}`, ...step.run];
    expect(linesIn(files)).toContain(shellLine(words));
  });

  test("gives every step a time limit", () => {
    const files = dialect.render(withTest({ name: "test", run: ["node", "--test"], timeoutSeconds: 4242 }));
    expect(textOf(files)).toMatch(/\b71\b/);
  });
}

function everyModel(dialect: PipelineDialect, of: PipelineModel): void {
  const files = dialect.render(of);

  test("writes YAML that parses without errors, warnings or duplicate keys", () => {
    for (const file of files) {
      const documents = parseAllDocuments(file.content, { strict: true, uniqueKeys: true });
      expect(documents).toHaveLength(1);
      for (const document of documents) {
        expect([...document.errors, ...document.warnings]).toEqual([]);
        expect(document.toJS()).toBeTypeOf("object");
      }
    }
  });

  test("writes the same bytes for the same model, and each path once", () => {
    expect(files).toEqual(dialect.render(structuredClone(of)));
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  test("writes the command of every step, in order, and prunes last", () => {
    const steps = of.stages.flatMap((stage) => stage.steps.map((step) => step.run));
    const commands = [...steps, ...(of.prune === undefined ? [] : [of.prune])].map(shellLine);
    expect(linesIn(files).filter((line) => commands.includes(line))).toEqual(commands);
  });

  test("says in every file where it comes from, and for whom", () => {
    for (const file of files) {
      expect(isGenerated(file.content)).toBe(true);
      expect(file.content.split("\n")[0]).toMatch(/^# .*(booking-service|every module of this repository)/);
    }
  });

  test("keeps downloads between runs, for as long as the same dependencies are named", () => {
    for (const { folder, variable } of of.caches) {
      expect(textOf(files)).toContain(`${variable}: `);
      expect(textOf(files)).toContain(folder);
    }
    const [file] = of.caches.length === 0 ? [] : of.manifestFiles.slice(-1);
    if (file !== undefined) expect(textOf(files)).toMatch(new RegExp(`cache[\\s\\S]*${file}`, "i"));
  });

  test("publishes the reports that the tests leave", () => {
    for (const path of [...(of.reports.junit ?? []), of.reports.coverage?.path ?? []].flat())
      expect(textOf(files)).toContain(path);
  });

  test("keeps what people write in the marked places, in files that still parse", () => {
    const marked = files.filter(({ content }) => content.includes("connectsoft:keep"));
    expect(marked.length).toBeGreaterThan(0);
    for (const { content } of marked) {
      const names = [...content.matchAll(/connectsoft:keep (\S+)/g)].map(([, name]) => name);
      expect(new Set(names).size).toBe(names.length);
      const edited = content.replaceAll(/^( *)# connectsoft:end/gm, "$1# by hand\n$&");
      expect(carryOverRegions(content, edited)).toBe(edited);
      expect(parseAllDocuments(edited)[0]?.errors).toEqual([]);
    }
  });
}

function withTest(step: PipelineStep): PipelineModel {
  return model({ stages: [...model().stages.slice(0, 1), { name: "test", steps: [step] }] });
}

function textOf(files: RenderedFile[]): string {
  return files.map(({ content }) => content).join("\n");
}

/** Every shell line of the files, in the order in which they run: a file stands where another one calls it. */
function linesIn(files: RenderedFile[]): string[] {
  const byName = new Map(files.map(({ path, content }) => [nameOf(path), parsed(content)]));
  const called = [...textOf(files).matchAll(/(?:template|uses): (\S+)/g)].map(([, path = ""]) =>
    nameOf(path),
  );
  const roots = files.filter(({ path }) => !called.includes(nameOf(path)));
  return roots.flatMap(({ content }) => collect(parsed(content), byName));
}

function collect(value: unknown, files: Map<string, unknown>): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, files));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if ((key === "template" || key === "uses") && typeof inner === "string")
      return collect(files.get(nameOf(inner)), files);
    if (key === "run" || key === "script")
      return [inner].flat().flatMap((line) => (typeof line === "string" ? [line.trimEnd()] : []));
    return collect(inner, files);
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function parsed(content: string): unknown {
  return parseAllDocuments(content)[0]?.toJS();
}
