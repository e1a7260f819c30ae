/** The quick reading of YAML may leave a file to the full parser, and may never differ from it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { sampleModules } from "../../bench/support/sample-modules.ts";
import { dialects } from "../../src/adapters/dialect/index.ts";
import { plainYaml } from "../../src/adapters/validator/plain-yaml.ts";
import { generateSets } from "../../src/agents/devops-engineer/generation/generate-sets.ts";
import { generators } from "../../src/domain/pipeline/generators.ts";
import { modelFor } from "../../src/domain/pipeline/model-for.ts";
import { pipelinePolicySchema } from "../../src/domain/tenant/delivery-policies.ts";

const files = sampleModules(5, 0)
  .flatMap((module) => {
    const environments = [{ name: "staging", requiresApproval: false }];
    const model = modelFor({ tenantId: "acme", module, folder: "", targetBranch: "main", environments });
    const policy = pipelinePolicySchema.parse({});
    const request = { repository: "acme/modules", over: "main", model, module, policy };
    return generateSets({ dialects, generators }, request).wanted;
  })
  .flatMap((set) => set.files)
  .filter(({ path }) => /\.ya?ml$/.test(path) && !path.includes("/templates/"));

test("reads every file that is generated, to the value that the full parser reads", () => {
  expect(files.length).toBeGreaterThan(50);
  for (const { path, content } of files) {
    expect(fully(content).problems).toEqual([]);
    expect({ path, ...plainYaml(content) }).toEqual({ path, value: fully(content).value });
  }
});

test("reads nothing that the full parser refuses, warns of or reads otherwise, however a file is changed", () => {
  const marks = fc.constantFrom(..."-?:,[]{}#&*!|>'\"%@` \n\t~<=0\\.");
  const places = fc.constantFrom(
    "\n  ",
    "\n- ",
    ": ",
    " #",
    "- ",
    "|\n",
    "\n    x",
    "\r\n",
    "\n---\n",
    "\n...",
  );
  const words = fc.constantFrom(
    "true",
    "No",
    "0x1f",
    "1_0",
    "1e3",
    "null",
    ".inf",
    "&a ",
    "*a",
    "<<: ",
    "-1.0",
  );
  const change = fc.record({
    file: fc.constantFrom(...files),
    at: fc.noBias(fc.nat({ max: 9_999 })),
    removed: fc.integer({ min: 0, max: 3 }),
    added: fc.oneof(fc.constant(""), marks, places, words, fc.string({ maxLength: 4, unit: "binary" })),
  });
  let plain = 0;
  fc.assert(
    fc.property(change, ({ file: { content }, at, removed, added }) => {
      const from = Math.floor((at / 10_000) * content.length);
      const changed = content.slice(0, from) + added + content.slice(from + removed);
      const read = plainYaml(changed);
      if (read === undefined) return;
      plain += 1;
      expect({ ...read, problems: [] }).toEqual(fully(changed));
    }),
    { numRuns: 500 },
  );
  expect(plain).toBeGreaterThan(100);
});

describe("leaves to the full parser", () => {
  test.each([
    ["a key that stands twice", "a: 1\na: 2\n"],
    ["a tab", "a:\n\tb: 1\n"],
    ["an anchor", "a: &x 1\nb: *x\n"],
    ["a tag", "a: !!str 1\n"],
    ["a second document", "a: 1\n---\nb: 2\n"],
    ["the end of a document", "a:\n...  b: 2\n"],
    ["a text that goes on below", "a: one\n  two\n"],
    ["a list in a list of one line", "a: [[b]]\n"],
    ["a quote in a list of one line", 'a: [b", c]\n'],
    ["a word that older readers take for another", "a: TRUE\n"],
    ["an octal number", "a: 0o17\n"],
    ["spaces at the end of a text", "a: |\n  b\n    \n"],
    ["a last line without an end", "a: |\n  b"],
    ["what is nested without end", `a: ${"- ".repeat(5_000)}b\n`],
    ["a file of remarks", "# nothing\n"],
  ])("%s", (_, content) => {
    expect(plainYaml(content)).toBeUndefined();
  });
});

function fully(content: string): { value: unknown; problems: unknown[] } {
  const document = parseDocument(content, { strict: true, uniqueKeys: true, prettyErrors: false });
  return { value: document.toJS(), problems: [...document.errors, ...document.warnings] };
}
