import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeContext, sampleHandOver, sampleInvocation } from "../../../../test/support/agent-context.ts";
import { createTestSourceControl, type TestSourceControl } from "../../../../test/support/source-control.ts";
import { createCodeCommitter } from "../agent.ts";

let git: TestSourceControl;
let count = 0;

beforeAll(async () => {
  git = await createTestSourceControl();
});
afterAll(() => git.stop());

const files = { "package.json": '{"name":"booking-service","version":"1.0.0"}', "server.js": "1\n2\n" };

async function delivery(
  content: Record<string, string> = files,
  repository = `tenant-${++count}/booking-service`,
) {
  const tree = await git.importFiles(repository, content);
  const { module } = sampleHandOver();
  return { repository, tree, source: { kind: "folder" as const, path: "/modules/booking", tree }, module };
}

function run(handOver: Awaited<ReturnType<typeof delivery>>, invocationId = "inv-1", traceId?: string) {
  const agent = createCodeCommitter({ sourceControl: git.sourceControl });
  const context = fakeContext({
    handOver,
    invocation: { ...sampleInvocation(), invocationId, ...(traceId === undefined ? {} : { traceId }) },
    manifest: agent.manifest,
  });
  return { context, outcome: agent.skills.CommitModule?.(context) };
}

test("the handed-over tree is one commit on the trace's branch, with everything that traces it back", async () => {
  const handOver = await delivery();
  const { context, outcome } = run(handOver);
  expect(await outcome).toMatchObject({
    status: "Success",
    emits: [
      {
        name: "CommitReady",
        data: {
          branch: "trace/trace-2025-05-23-0012/booking-service",
          tree: handOver.tree,
          changed: true,
          version: "1.0.0",
          subject: "feat: add booking-service for trace-2025-05-23-0012",
        },
      },
    ],
  });
  const metadata = JSON.parse(context.written["commits/CommitMetadata.json"] ?? "");
  const main = await git.sourceControl.tip(handOver.repository, "main");
  expect(metadata).toMatchObject({
    repository: handOver.repository,
    tree: handOver.tree,
    parents: [main?.commit],
    message: {
      trailers: {
        "Trace-Id": "trace-2025-05-23-0012",
        "Tenant-Id": "vetclinic-001",
        "Module-Id": "booking-service",
        "Module-Version": "1.0.0",
        Sponsor: "jane.doe",
      },
    },
    version: "1.0.0",
    files: [
      { path: "package.json", status: "added", insertions: 1, deletions: 0 },
      { path: "server.js", status: "added", insertions: 2, deletions: 0 },
    ],
    signature: { status: "none", reason: expect.any(String) },
  });
  expect(await git.sourceControl.listFiles(handOver.repository, metadata.commit)).toEqual(Object.keys(files));
});

test("another attempt of the invocation finds the commit and says the same", async () => {
  const handOver = await delivery();
  const [first, second] = [await run(handOver).outcome, await run(handOver).outcome];
  expect(second).toEqual(first);
});

test("content that the branch has already makes no commit", async () => {
  const handOver = await delivery();
  await run(handOver).outcome;
  const { context, outcome } = run(handOver, "inv-2");
  expect(await outcome).toMatchObject({ emits: [{ data: { changed: false } }] });
  expect(JSON.parse(context.written["commits/CommitMetadata.json"] ?? "")).toMatchObject({ files: [] });
});

test.each([
  ["1.0.1", "fix: update booking-service to 1.0.1 for trace-2"],
  ["1.0.0", "fix: update booking-service to 1.0.0 for trace-2"],
  ["1.1.0", "feat: update booking-service to 1.1.0 for trace-2"],
  ["2.0.0", "feat: update booking-service to 2.0.0 for trace-2"],
])("a module that was there at 1.0.0 and comes at %s is %j", async (version, subject) => {
  const first = await delivery();
  await run(first, "inv-1").outcome;
  await git.sourceControl.merge({
    repository: first.repository,
    source: "trace/trace-2025-05-23-0012/booking-service",
    target: "main",
    subject: "merge",
    trailers: {},
    author: { name: "Forge", email: "forge@example.invalid" },
    at: "2025-05-23T10:00:00Z",
    invocationId: "merge-1",
  });
  const second = await delivery({ ...files, "server.js": version }, first.repository);
  const handOver = { ...second, module: { ...second.module, version } };
  expect(await run(handOver, "inv-2", "trace-2").outcome).toMatchObject({ emits: [{ data: { subject } }] });
});

test("a tree that was never imported is refused and nothing is committed", async () => {
  const handOver = await delivery();
  const lost = { ...handOver, source: { ...handOver.source, tree: "1".repeat(40) } };
  await expect(run(lost).outcome).rejects.toThrow(/NotFound/);
  const branch = "trace/trace-2025-05-23-0012/booking-service";
  expect(await git.sourceControl.tip(handOver.repository, branch)).toBeUndefined();
});
