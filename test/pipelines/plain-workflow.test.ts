/** A workflow that is judged by its value alone gets the verdict that GitHub's parser gives the file. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { githubActions } from "../../src/adapters/dialect/github-actions/github-actions.ts";
import { githubWorkflowValidator } from "../../src/adapters/validator/github-workflow/github-workflow-validator.ts";
import { loadWorkflowParser } from "../../src/adapters/validator/github-workflow/load-workflow-parser.ts";
import { plainYaml } from "../../src/adapters/validator/plain-yaml.ts";
import type { RenderedFile } from "../../src/domain/pipeline/pipeline-model.ts";
import { samplePipelineModel } from "../support/pipeline-model.ts";

const files = githubActions.render(samplePipelineModel());

test("finds what GitHub's own reading of the file finds, however a workflow is changed", async () => {
  const change = fc.record({
    file: fc.constantFrom(...files),
    at: fc.noBias(fc.nat({ max: 9_999 })),
    removed: fc.integer({ min: 0, max: 2 }),
    added: fc.constantFrom(
      "x",
      "$",
      "{{",
      "}}",
      "$".concat("{{ foo.bar }}"),
      "'",
      "(",
      ")",
      "1",
      "true",
      ".",
      "if",
    ),
  });
  const seen = { clean: 0, faulty: 0 };
  await fc.assert(
    fc.asyncProperty(change, async ({ file, at, removed, added }) => {
      const from = Math.floor((at / 10_000) * file.content.length);
      const content = file.content.slice(0, from) + added + file.content.slice(from + removed);
      if (plainYaml(content) === undefined) return;
      const changed = { path: file.path, content };
      const own = await ownFindings(changed);
      seen[own.length === 0 ? "clean" : "faulty"] += 1;
      const found = await githubWorkflowValidator.check(changed, files);
      expect(found.map(({ message }) => message)).toEqual(expect.arrayContaining(own));
      if (own.length === 0) expect(found.filter(({ message }) => !isOfCalls(message))).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(seen.clean).toBeGreaterThan(20);
  expect(seen.faulty).toBeGreaterThan(20);
});

async function ownFindings({ path, content }: RenderedFile): Promise<string[]> {
  const { parseWorkflow, convertWorkflowTemplate, trace } = await loadWorkflowParser();
  const { context, value } = parseWorkflow({ name: path, content }, trace);
  if (value !== undefined && context.errors.getErrors().length === 0)
    await convertWorkflowTemplate(context, value, undefined, { errorPolicy: 1 });
  return context.errors.getErrors().map(({ rawMessage }) => rawMessage);
}

/** Ours, about the workflows that one calls. */
function isOfCalls(message: string): boolean {
  return /there is no workflow|has no input|needs the input/.test(message);
}

test("a call whose inputs are empty is told which ones it needs", async () => {
  const [called, caller] = ["called", "caller"].map((name) => `.github/workflows/${name}.yml`);
  const job = "jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: true\n";
  const inputs = "on:\n  workflow_call:\n    inputs:\n      place: { type: string, required: true }\n";
  const call = `on: push\njobs:\n  a:\n    uses: ./${called}\n    with:\n`;
  const given = [
    { path: called ?? "", content: inputs + job },
    { path: caller ?? "", content: call },
  ] as const;
  const found = await githubWorkflowValidator.check(given[1], given);
  expect(found.map(({ message }) => message)).toContainEqual(
    expect.stringContaining("needs the input place"),
  );
});
