import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { samplePipelineModel } from "../../../test/support/pipeline-model.ts";
import { pipelineDialectConformance } from "../../ports/pipeline-dialect.conformance.ts";
import { githubActions } from "./github-actions/github-actions.ts";
import { dialects } from "./index.ts";

for (const dialect of dialects) describe(dialect.name, () => pipelineDialectConformance(dialect));

test("the three platforms have a dialect each, and no two write the same file", () => {
  expect(dialects.map(({ name }) => name)).toEqual(["azure-pipelines", "github-actions", "gitlab-ci"]);
  const paths = dialects.flatMap((dialect) => dialect.render(model).map(({ path }) => path));
  expect(paths).toEqual([
    "azure-pipelines.yaml",
    "build.yaml",
    "test.yaml",
    ".github/workflows/ci.yml",
    ".gitlab-ci.yml",
  ]);
});

test("a GitHub workflow may read the repository and nothing else, and leaves no token to the tests", () => {
  const workflow = parse(githubActions.render(model)[0]?.content ?? "");
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect(workflow.jobs.ci.steps[0].with).toEqual({ "persist-credentials": false });
});

test("an expression in a command is handed to the shell as text", () => {
  const secret = "$".concat("{{ secrets.TOKEN }}");
  const leaking = {
    ...model,
    stages: [{ name: "test" as const, steps: [{ name: "test", run: ["echo", secret], timeoutSeconds: 60 }] }],
  };
  const workflow = parse(githubActions.render(leaking)[0]?.content ?? "");
  const run: string = workflow.jobs.ci.steps.find(({ name }: { name?: string }) => name === "test").run;
  expect(run).not.toContain(secret);
  expect(run.replace(/\$\{\{ '(.*?)' \}\}/, "$1")).toBe(`echo '${secret}'`);
});

const model = samplePipelineModel({
  locked: false,
  stages: [
    { name: "build", steps: [{ name: "install", run: ["npm", "install"], timeoutSeconds: 60 }] },
    { name: "test", steps: [{ name: "test", run: ["node", "--test"], timeoutSeconds: 60 }] },
  ],
});
