/** Somebody pushes while an agent works: nothing of theirs is lost, and the agent's commit is made once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCodeCommitter } from "../../src/agents/code-committer/agent.ts";
import { createGeneratePipeline } from "../../src/agents/devops-engineer/skills/generate-pipeline.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { GenerationPlan } from "../../src/ports/pipeline-generator.ts";
import type { SourceControl } from "../../src/ports/source-control.ts";
import { fakeContext, sampleHandOver, sampleInvocation } from "../support/agent-context.ts";
import { createTestSourceControl, type TestSourceControl } from "../support/source-control.ts";
import { createTestSigner } from "../support/votes.ts";

let git: TestSourceControl;
let count = 0;

beforeAll(async () => {
  git = await createTestSourceControl();
});
afterAll(() => git.stop());

const branch = "trace/trace-1/booking-service";
const tenant = tenantSchema.parse({
  id: "vetclinic-001",
  people: [{ id: "jane.doe", roles: ["Developer"] }],
  environments: [{ id: "staging" }],
});
const tenants = { get: async () => tenant };
const secretScanner = { scan: async () => [] };

function push(repository: string, on: string, files: Record<string, string>) {
  return git.sourceControl.commit({
    ...{ repository, branch: on, base: "main", subject: "chore: by hand", trailers: {} },
    content: { files: Object.entries(files).map(([path, content]) => ({ path, content })) },
    author: { name: "Jane", email: "jane@example.invalid" },
    at: "2025-05-24T10:00:00Z",
    invocationId: `hand-${++count}`,
  });
}

/** Before each of the first commits that an agent asks for, somebody pushes. */
function pushedTo(times: number, pushing: (time: number) => Promise<unknown>): SourceControl {
  let pushed = 0;
  return {
    ...git.sourceControl,
    async commitOnto(request) {
      if (pushed < times) await pushing(++pushed);
      return await git.sourceControl.commitOnto(request);
    },
  };
}

async function contextOf(repository: string, files: Record<string, string>, folder = "") {
  const tree = await git.importFiles(repository, files);
  const source = { kind: "folder" as const, path: "/modules/booking", tree };
  const { module } = sampleHandOver();
  const handOver = { repository, folder, source, module: { ...module, version: "1.0.0" } };
  return fakeContext({ handOver, invocation: { ...sampleInvocation(), traceId: "trace-1" } });
}

const read = async (repository: string, on: string) =>
  git.sourceControl.readFiles(repository, on, await git.sourceControl.listFiles(repository, on));

function commitModule(sourceControl: SourceControl, context: Awaited<ReturnType<typeof contextOf>>) {
  const skill = createCodeCommitter({ sourceControl, secretScanner, tenants }).skills.CommitModule;
  if (skill === undefined) throw new Error("no skill");
  return skill(context);
}

const files = { "package.json": '{"name":"booking-service","version":"1.0.0"}', "server.js": "1\n" };

test("what is pushed to the target while the first version is prepared stays, and is what is built upon", async () => {
  const repository = `t-${++count}/booking-service`;
  const sourceControl = pushedTo(1, () => push(repository, "main", { "README.md": "theirs" }));
  const outcome = await commitModule(sourceControl, await contextOf(repository, files));
  expect(outcome.status).toBe("Success");
  expect(await read(repository, branch)).toMatchObject({ ...files, "README.md": "theirs" });
});

test("what is pushed to the trace's branch again and again stays, and there is one commit", async () => {
  const repository = `t-${++count}/booking-service`;
  await push(repository, "main", { "README.md": "r" });
  const context = await contextOf(repository, files);
  const pushing = (time: number) => push(repository, branch, { [`theirs-${time}`]: "theirs" });
  const outcome = await commitModule(pushedTo(3, pushing), context);
  expect(outcome.status).toBe("Success");
  const there = await read(repository, branch);
  expect(there).toMatchObject({ ...files, "theirs-1": "theirs", "theirs-2": "theirs", "theirs-3": "theirs" });
  await push(repository, branch, { "server.js": "theirs\n" });
  expect(await commitModule(git.sourceControl, context)).toEqual(outcome);
  const where = { "Invocation-Id": context.invocation.invocationId };
  expect(await git.sourceControl.log({ repository, to: branch, where })).toHaveLength(1);
  expect((await read(repository, branch))["server.js"]).toBe("theirs\n");
});

test("a branch that never rests is given up for now, and nothing was overwritten", async () => {
  const repository = `t-${++count}/booking-service`;
  const pushing = (time: number) => push(repository, branch, { [`theirs-${time}`]: "theirs" });
  const committing = commitModule(pushedTo(1_000, pushing), await contextOf(repository, files));
  await expect(committing).rejects.toMatchObject({ refusal: { code: "Unavailable" } });
  expect(Object.keys(await read(repository, branch))).not.toContain("server.js");
});

test("modules beside each other in a monorepo do not wait for each other", async () => {
  const repository = `t-${++count}/booking-service`;
  await push(repository, "main", { "apps/other/x": "1" });
  let looked = 0;
  const pushing = async () => {
    looked += 1;
    await push(repository, branch, { [`apps/other/x-${looked}`]: "theirs" });
  };
  await commitModule(pushedTo(1_000, pushing), await contextOf(repository, files, "apps/booking"));
  expect(looked).toBe(1);
  expect(await read(repository, branch)).toMatchObject({
    "apps/booking/server.js": "1\n",
    "apps/other/x-1": "theirs",
  });
});

test("a pipeline file that is changed while the pipeline is generated is planned again over that change", async () => {
  const repository = `t-${++count}/booking-service`;
  await push(repository, branch, files);
  const context = await contextOf(repository, files);
  const planned: (string | undefined)[] = [];
  const generatePipeline = createGeneratePipeline({
    sourceControl: pushedTo(1, () => push(repository, branch, { "ci.yml": "theirs\n" })),
    tenants,
    signer: createTestSigner(),
    async planGeneration({ over }): Promise<GenerationPlan> {
      const there = (await read(repository, over))["ci.yml"];
      planned.push(there);
      const content = `${there ?? ""}generated\n`;
      const file = { path: "ci.yml", content, set: "gitlab-ci", status: "added" as const, edited: false };
      const generatedTree = await git.sourceControl.writeTree(repository, [{ path: "ci.yml", content }]);
      return { tree: generatedTree, generatedTree, files: [file], findings: [], leftOut: [] };
    },
  });
  expect((await generatePipeline(context)).status).toBe("Success");
  expect(planned).toEqual([undefined, "theirs\n"]);
  expect((await read(repository, branch))["ci.yml"]).toBe("theirs\ngenerated\n");
});
