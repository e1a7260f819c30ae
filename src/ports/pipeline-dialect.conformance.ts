/** What every dialect must hold to, whatever its platform. */
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { samplePipelineModel as model } from "../../test/support/pipeline-model.ts";
import type { Command } from "../domain/module/module-spec.ts";
import { isGenerated } from "../domain/pipeline/generated-mark.ts";
import type { PipelineModel, PipelineStep } from "../domain/pipeline/pipeline-model.ts";
import { shellLine } from "../domain/pipeline/shell-line.ts";
import { pruneCommand } from "../domain/stack/node/npm-commands.ts";
import type { PipelineDialect } from "./pipeline-dialect.ts";

export function pipelineDialectConformance(dialect: PipelineDialect): void {
  test("writes YAML that parses without errors, warnings or duplicate keys", () => {
    for (const file of dialect.render(model())) {
      const documents = parseAllDocuments(file.content, { strict: true, uniqueKeys: true });
      expect(documents).toHaveLength(1);
      for (const document of documents) {
        expect([...document.errors, ...document.warnings]).toEqual([]);
        expect(document.toJS()).toBeTypeOf("object");
      }
    }
  });

  test("writes the same bytes for the same model", () => {
    expect(dialect.render(model())).toEqual(dialect.render(structuredClone(model())));
  });

  test("writes the command of every step, in order, and prunes last", () => {
    const commands = model().stages.flatMap((stage) => stage.steps.map((step) => shellLine(step.run)));
    const runs = commandsIn(dialect.render(model()));
    expect(runs.filter((run) => commands.includes(run))).toEqual(commands);
    expect(runs.filter((run) => !run.startsWith("rm ")).at(-1)).toBe(shellLine(pruneCommand));
  });

  test("names no stage that does not run", () => {
    const { stages, ...rest } = model();
    const files = dialect.render({ ...rest, stages: stages.filter(({ name }) => name === "build") });
    expect(commandsIn(files).some((run) => run.includes("--test"))).toBe(false);
    expect(files.map(({ path }) => path)).not.toContain("test.yaml");
  });

  test("says in every file where it comes from", () => {
    for (const file of dialect.render(model())) {
      expect(isGenerated(file.content)).toBe(true);
      expect(file.content.split("\n")[0]).toMatch(/^# .*booking-service/);
    }
  });

  test("keeps a command's arguments apart, whatever is in them", () => {
    const hostile: Command = ["node", "it's; rm -rf /", "a: b # c", "$HOME", "`id`", "line\nbreak", "- x"];
    const runs = commandsIn(dialect.render(withTest({ name: "test", run: hostile, timeoutSeconds: 60 })));
    expect(runs).toContain(shellLine(hostile));
  });

  test("keeps downloads between runs, for as long as the same dependencies are named", () => {
    const text = dialect.render(model()).map(({ content }) => content);
    expect(text.join("\n")).toMatch(/cache[\s\S]*package(\*|-lock)\.json/);
  });

  test("gives every step a time limit", () => {
    const text = dialect.render(withTest({ name: "test", run: ["node", "--test"], timeoutSeconds: 4242 }));
    expect(text.some(({ content }) => /\b71\b/.test(content))).toBe(true);
  });
}

function withTest(step: PipelineStep): PipelineModel {
  return { ...model(), stages: [...model().stages.slice(0, 1), { name: "test", steps: [step] }] };
}

/** Every shell line of the files, in the order in which they run: a template stands where it is named. */
function commandsIn(files: { path: string; content: string }[]): string[] {
  const byPath = new Map(
    files.map((file) => [file.path, parseAllDocuments(file.content)[0]?.toJS() as unknown]),
  );
  const first = files[0];
  return first === undefined ? [] : collect(byPath.get(first.path), byPath);
}

function collect(value: unknown, files: Map<string, unknown>): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, files));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "template" && typeof inner === "string") return collect(files.get(inner), files);
    if (key === "run" || key === "script") return [inner].flat().filter((line) => typeof line === "string");
    return collect(inner, files);
  });
}
