import { describe, expect, test } from "vitest";
import { dialects } from "../../src/adapters/dialect/index.ts";
import { actionlintValidator } from "../../src/adapters/validator/actionlint/actionlint-validator.ts";
import { azurePipelinesValidator } from "../../src/adapters/validator/azure-pipelines/azure-pipelines-validator.ts";
import { githubWorkflowValidator } from "../../src/adapters/validator/github-workflow/github-workflow-validator.ts";
import { gitlabCiValidator } from "../../src/adapters/validator/gitlab-ci/gitlab-ci-validator.ts";
import { validators } from "../../src/adapters/validator/index.ts";
import { yamlValidator } from "../../src/adapters/validator/yaml/yaml-validator.ts";
import type { RenderedFile } from "../../src/domain/pipeline/pipeline-model.ts";
import { fileValidatorConformance, type KnownBad } from "../../src/ports/file-validator.conformance.ts";
import type { FileValidator } from "../../src/ports/file-validator.ts";
import { samplePipelineModelOf, sampleRuntimes } from "../support/pipeline-model.ts";

const workflow = ".github/workflows/a.yml";
const gitlab = ".gitlab-ci.yml";
const azure = "azure-pipelines.yaml";

/** What the dialects write, for every language, in both shapes of repositories. */
const good = sampleRuntimes.flatMap((runtime) =>
  ["", "services/booking"].map((folder) =>
    dialects.flatMap((dialect) => dialect.render(samplePipelineModelOf(runtime, { folder }))),
  ),
);

const known: [FileValidator, KnownBad[]][] = [
  [
    yamlValidator,
    [
      bad("a duplicate key", "a.yaml", "a: 1\nb: 2\na: 3\n", /yaml\/duplicate-key/, 3),
      bad("a tab for indentation", "a.yml", "a:\n\t- b\n", /yaml\//, 2),
      bad("a quote that is not closed", "a.yml", 'a: "b\n', /yaml\/missing-char/),
      bad("an entry in the wrong column", "a.yml", "a:\n  b: 1\n c: 2\n", /yaml\//, 3),
    ],
  ],
  [
    githubWorkflowValidator,
    [
      bad("a duplicate key", workflow, jobs("    name: a\n    name: b"), /name|duplicate|unique/i, 6),
      bad(
        "a key that GitHub does not know",
        workflow,
        jobs("    timeout: 5"),
        /Unexpected value 'timeout'/,
        5,
      ),
      bad("a job that needs one that is not there", workflow, jobs("    needs: [b]"), /needs|dependencies/),
      bad("a context that is not there", workflow, jobs(`    if: ${ex("secretz.A")}`), /secretz/, 5),
      bad(
        "a context that is not available there",
        workflow,
        jobs(`    name: ${ex("steps.a.outputs.b")}`),
        /steps/,
        5,
      ),
      bad(
        "an expression that is not closed",
        workflow,
        jobs(`    name: ${"$".concat("{{ github.ref")}`),
        /expression/i,
        5,
      ),
      bad(
        "a number where a mapping is asked for",
        workflow,
        jobs("    env: 5"),
        /env|mapping|scalar|value/i,
        5,
      ),
      {
        ...bad("an input that the called workflow does not have", workflow, calling(), /no input imagex/, 6),
        beside: [{ path: ".github/workflows/b.yml", content: called() }],
      },
    ],
  ],
  [
    actionlintValidator,
    [
      bad("a key that GitHub does not know", workflow, jobs("    timeout: 5"), /syntax-check.*timeout/, 5),
      bad("a job that needs one that is not there", workflow, jobs("    needs: [b]"), /job-needs.*"b"/),
      bad(
        "a step's output that is not there",
        workflow,
        jobs(`    env: { A: "${ex("needs.x.outputs.y")}" }`),
        /expression/,
      ),
      bad(
        "a function that is not there",
        workflow,
        jobs(`    if: ${ex("startWith('a', 'b')")}`),
        /expression.*startWith/i,
        5,
      ),
      bad(
        "a permission that is not there",
        workflow,
        jobs("    permissions: { contents: admin }"),
        /permissions/,
        5,
      ),
      bad(
        "an event that is not there",
        workflow,
        jobs("").replace("on: push", "on: pushed"),
        /events.*pushed/,
        1,
      ),
    ],
  ],
  [
    gitlabCiValidator,
    [
      bad(
        "a key that GitLab does not know",
        gitlab,
        "a:\n  script: [x]\n  scripts: [y]\n",
        /gitlab-schema.*scripts/,
        3,
      ),
      bad(
        "a value that GitLab does not know",
        gitlab,
        "a:\n  script: [x]\n  when: sometimes\n",
        /gitlab-schema/,
        3,
      ),
      bad("a type that is wrong", gitlab, "a:\n  script: [x]\n  interruptible: soon\n", /gitlab-schema/, 3),
      bad(
        "a stage that is not there",
        gitlab,
        "stages: [x]\na:\n  stage: y\n  script: [x]\n",
        /no stage y/,
        3,
      ),
      bad("a need of a job that is not there", gitlab, "a:\n  script: [x]\n  needs: [b]\n", /needs b/, 3),
      bad("a base that is not there", gitlab, "a:\n  script: [x]\n  extends: .b\n", /extends \.b/, 3),
      bad("a job that does nothing", gitlab, "a:\n  stage: build\n", /neither script/),
      bad("a word of GitLab for the name of a job", gitlab, "image:\n  script: [x]\n", /gitlab-schema/),
    ],
  ],
  [
    azurePipelinesValidator,
    [
      bad(
        "a key that Azure Pipelines does not know",
        azure,
        "triggers: none\nsteps:\n  - script: x\n",
        /key: triggers/,
        1,
      ),
      bad("a step of two kinds", azure, "steps:\n  - script: x\n    bash: y\n", /script and bash at once/, 2),
      bad("a step of no kind", azure, "steps:\n  - displayName: x\n", /of no kind/, 2),
      bad("a task without a version", azure, "steps:\n  - task: Cache\n", /task/, 2),
      bad(
        "a time limit that is no number",
        azure,
        "steps:\n  - script: x\n    timeoutInMinutes: ten\n",
        /no whole number/,
        3,
      ),
      bad("a stage that depends on none", azure, stages("dependsOn: [b]"), /depends on b/, 3),
      bad(
        "two stages of one name",
        azure,
        `${stages("jobs: []")}  - stage: a\n    jobs: []\n`,
        /second stage/,
        4,
      ),
      bad("a template that is not there", azure, "steps:\n  - template: x.yaml\n", /no template x\.yaml/, 2),
      bad(
        "a context that is not there",
        azure,
        stages("condition: eq(variable['a'], 'b')"),
        /no context variable/,
        3,
      ),
      bad("a function that is not there", azure, stages("condition: equals(1, 2)"), /no function equals/, 3),
      bad("a bracket that is open", azure, stages("condition: eq(1, 2"), /do not match/, 3),
      bad(
        "a parameter that is not declared",
        azure,
        `steps:\n  - script: ${ex("parameters.a")}\n`,
        /no parameter a/,
        2,
      ),
      {
        ...bad(
          "a parameter that the template does not have",
          azure,
          steps("parameters: { b: 1 }"),
          /no parameter b/,
          3,
        ),
        beside: [{ path: "build.yaml", content: "parameters:\n  - name: a\nsteps:\n  - script: x\n" }],
      },
      {
        ...bad("a parameter that is missing", azure, steps("parameters: {}"), /needs the parameter a/, 2),
        beside: [{ path: "build.yaml", content: "parameters:\n  - name: a\nsteps:\n  - script: x\n" }],
      },
    ],
  ],
];

for (const [validator, bad] of known)
  describe(validator.name, () => fileValidatorConformance(validator, { good, bad }));

test("every one of them is asked before anything is published", () => {
  expect(validators).toEqual(expect.arrayContaining(known.map(([validator]) => validator)));
});

function bad(fault: string, path: string, content: string, ...[finding, line]: [RegExp, number?]): KnownBad {
  const file: RenderedFile = { path, content };
  return { fault, file, finding, ...(line === undefined ? {} : { line }) };
}

/** A workflow of one job, with one more line in it. */
function jobs(line: string): string {
  return `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${line}\n    steps:\n      - run: x\n`;
}

function calling(): string {
  return "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    with:\n      imagex: y\n";
}

function called(): string {
  return jobs("").replace(
    "on: push",
    "on:\n  workflow_call:\n    inputs:\n      image: { type: string, required: true }",
  );
}

function stages(line: string): string {
  return `stages:\n  - stage: a\n    ${line}\n`;
}

function steps(line: string): string {
  return `steps:\n  - template: build.yaml\n    ${line}\n`;
}

function ex(text: string): string {
  return "$".concat(`{{ ${text} }}`);
}
