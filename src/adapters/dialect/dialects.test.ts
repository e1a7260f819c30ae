import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  samplePipelineModel,
  samplePipelineModelOf,
  sampleRuntimes,
} from "../../../test/support/pipeline-model.ts";
import { pinnedActions } from "../../domain/pipeline/pins/actions.ts";
import type { PipelineModel } from "../../domain/pipeline/pipeline-model.ts";
import { pipelineDialectConformance } from "../../ports/pipeline-dialect.conformance.ts";
import { githubActions } from "./github-actions/github-actions.ts";
import { dialects } from "./index.ts";

for (const dialect of dialects) describe(dialect.name, () => pipelineDialectConformance(dialect));

test("the three platforms have a dialect each, and no two write the same file", () => {
  expect(dialects.map(({ name }) => name)).toEqual(["azure-pipelines", "github-actions", "gitlab-ci"]);
  expect(pathsOf(samplePipelineModel())).toEqual([
    "azure-pipelines.yaml",
    "build.yaml",
    "test.yaml",
    "deploy.yaml",
    ".github/workflows/ci.yml",
    ".github/workflows/build-and-test.yml",
    ".github/workflows/deploy.yml",
    ".gitlab-ci.yml",
  ]);
});

test("in a monorepo two modules share only the file by which GitLab finds both, and write the same bytes there", () => {
  const booking = samplePipelineModel({ folder: "services/booking" });
  const billing = samplePipelineModelOf("go", { folder: "services/billing", moduleId: "billing-service" });
  const shared = pathsOf(booking).filter((path) => pathsOf(billing).includes(path));
  expect(shared).toEqual([".gitlab-ci.yml"]);
  expect(contentOf(booking, ".gitlab-ci.yml")).toBe(contentOf(billing, ".gitlab-ci.yml"));
});

test("every action of every workflow is one of the reviewed table, by the commit that stands there", () => {
  for (const runtime of sampleRuntimes) {
    const text = githubActions.render(samplePipelineModelOf(runtime)).map(({ content }) => content);
    const used = [...text.join("\n").matchAll(/uses: ([^.\s]\S*?)@(\S+)( # (\S+))?/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, name = "", sha, , version] of used)
      expect({ name, sha, version }).toEqual({ name, ...picked(name) });
  }
});

test("the table pins full commits and says when each was reviewed, and where the next review starts", () => {
  for (const [name, pin] of Object.entries(pinnedActions)) {
    expect(pin.sha).toMatch(/^[0-9a-f]{40}$/);
    expect(pin.version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(pin.reviewed).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(`https://github.com/${name}`).toContain(pin.releases.replace("/releases", ""));
  }
});

test("a GitHub workflow may read the repository; only what must may do more, and no token is left to the tests", () => {
  const main = parse(contentOf(samplePipelineModel(), ".github/workflows/ci.yml"));
  expect(main.permissions).toEqual({ contents: "read" });
  const more = Object.entries<{ permissions?: object }>(main.jobs).flatMap(([name, { permissions = {} }]) =>
    Object.entries(permissions)
      .filter(([, level]) => level === "write")
      .map(([scope]) => `${name} ${scope}`),
  );
  expect(more).toEqual([
    "scan security-events",
    "image packages",
    "deploy-staging id-token",
    "deploy-production id-token",
  ]);
  const called = parse(contentOf(samplePipelineModel(), ".github/workflows/build-and-test.yml"));
  expect(called.jobs["build-and-test"].steps[0].with).toEqual({ "persist-credentials": false });
});

function pathsOf(model: PipelineModel): string[] {
  return dialects.flatMap((dialect) => dialect.render(model).map(({ path }) => path));
}

function contentOf(model: PipelineModel, path: string): string {
  const files = dialects.flatMap((dialect) => dialect.render(model));
  return files.find((file) => file.path === path)?.content ?? "";
}

function picked(name: string): { sha: string; version: string } | undefined {
  const found = Object.entries(pinnedActions).find(([action]) => action === name);
  return found === undefined ? undefined : { sha: found[1].sha, version: found[1].version };
}
