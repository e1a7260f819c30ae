import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type FakeContextOptions,
  fakeContext,
  sampleHandOver,
  sampleInvocation,
} from "../../../../test/support/agent-context.ts";
import { createTestSourceControl, type TestSourceControl } from "../../../../test/support/source-control.ts";
import type { HandOver } from "../../../domain/delivery/hand-over.ts";
import { tenantSchema } from "../../../domain/tenant/tenant.ts";
import type { SecretScanner } from "../../../ports/secret-scanner.ts";
import { tagRelease } from "../../release-tag.ts";
import { createCodeCommitter } from "../agent.ts";

const run = promisify(execFile);
const tagger = { name: "Tagger", email: "tagger@example.invalid" };

let git: TestSourceControl;
let count = 0;

beforeAll(async () => {
  git = await createTestSourceControl();
});
afterAll(() => git.stop());

/** Knows one rule, and tells of it without the secret. */
const secretScanner: SecretScanner = {
  async scan(files) {
    return files.flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, at) => {
        const [, start] = /\b(AKIA)[0-9A-Z]{16}\b/.exec(line) ?? [];
        return start === undefined
          ? []
          : [{ path, line: at + 1, rule: "aws", message: `AWS access key id ${start}****` }];
      }),
    );
  },
};

const files = {
  "package.json": '{"name":"booking-service","version":"1.0.0"}',
  "server.js": "1\n2\n3\n4\n5\n",
};

/** One repository and the deliveries of its module, one after another, each landed on main. */
function createRepository(commits: object = {}, folder = "", releasePolicy: object = {}) {
  const repository = `tenant-${++count}/booking-service`;
  const tenant = tenantSchema.parse({
    id: "vetclinic-001",
    people: [{ id: "jane.doe", roles: ["Developer"] }],
    environments: [{ id: "staging" }],
    commits,
    releasePolicy,
  });
  const { sourceControl } = git;
  const agent = createCodeCommitter({ sourceControl, secretScanner, tenants: { get: async () => tenant } });
  let trace = 0;

  async function contextOf(
    content: Record<string, string>,
    over: Partial<HandOver> = {},
    traceId = `trace-${++trace}`,
  ) {
    const tree = await git.importFiles(repository, content);
    const { module } = sampleHandOver();
    const version = /"version":"([^"]+)"/.exec(content["package.json"] ?? "")?.[1] ?? "0.0.0";
    const source = { kind: "folder" as const, path: "/modules/booking", tree };
    const handOver = { repository, folder, source, module: { ...module, version }, ...over };
    const invocation = { ...sampleInvocation(), traceId, invocationId: `inv-${traceId}` };
    const options: FakeContextOptions = { handOver, invocation, manifest: agent.manifest };
    return fakeContext(options);
  }

  const commit = (context: ReturnType<typeof fakeContext>) => {
    const skill = agent.skills.CommitModule;
    if (skill === undefined) throw new Error("no skill");
    return skill(context);
  };

  async function deliver(content: Record<string, string>, over: Partial<HandOver> = {}) {
    const context = await contextOf(content, over);
    const outcome = await commit(context);
    const metadata = JSON.parse(context.written["commits/CommitMetadata.json"] ?? "{}");
    return { context, outcome, metadata };
  }

  /** Lands a delivery on main, as its pull request does, and tags it. */
  async function land({ context, metadata }: Awaited<ReturnType<typeof deliver>>) {
    const { module } = context.handOver;
    context.handOver = { ...context.handOver, module: { ...module, version: metadata.version } };
    const merged = await sourceControl.merge({
      repository,
      source: metadata.branch,
      target: "main",
      subject: "merge",
      trailers: { "Trace-Id": context.invocation.traceId },
      author: tagger,
      at: context.invocation.invokedAt,
      invocationId: `merge-${context.invocation.traceId}`,
    });
    if (merged.status !== "merged") throw new Error(merged.status);
    const tag = await tagRelease(context, sourceControl, {
      commit: merged.commit,
      policy: tenant.commits,
      tagger,
    });
    return { commit: merged.commit, tag };
  }

  /** Somebody else's commit on main. */
  function edit(changes: Record<string, string>, invocationId = `hand-${++count}`) {
    return sourceControl.commit({
      repository,
      branch: "main",
      base: "main",
      content: { files: Object.entries(changes).map(([path, content]) => ({ path, content })) },
      subject: "chore: by hand",
      trailers: {},
      author: { name: "Jane", email: "jane@example.invalid" },
      at: "2025-05-24T10:00:00Z",
      invocationId,
    });
  }

  const read = async (treeish: string) =>
    sourceControl.readFiles(repository, treeish, await sourceControl.listFiles(repository, treeish));
  return { repository, tenant, agent, contextOf, commit, deliver, land, edit, read };
}

test("the handed-over tree is one commit on the trace's branch, with everything that traces it back", async () => {
  const { deliver, repository, read } = createRepository();
  const { outcome, metadata, context } = await deliver(files);
  expect(outcome).toMatchObject({
    status: "Success",
    emits: [
      {
        name: "CommitReady",
        data: {
          branch: "trace/trace-1/booking-service",
          changed: true,
          version: "1.0.0",
          subject: "feat: add booking-service for trace-1",
        },
      },
    ],
  });
  const main = await git.sourceControl.tip(repository, "main");
  const [logged] = await git.sourceControl.log({ repository, to: metadata.commit, limit: 1 });
  expect(logged).toMatchObject({
    body: expect.stringMatching(/^Adds booking-service 1\.0\.0: 3 files changed, /),
    trailers: {
      "Trace-Id": "trace-1",
      "Tenant-Id": "vetclinic-001",
      "Module-Id": "booking-service",
      "Agent-Id": "code-committer",
      "Skill-Id": "CommitModule",
      "Invocation-Id": "inv-trace-1",
      "Source-Tree": context.handOver.source.tree,
      "Sponsored-by": "jane.doe",
      Version: "1.0.0",
    },
  });
  expect(metadata).toMatchObject({
    repository,
    folder: "",
    parents: [main?.commit],
    version: "1.0.0",
    versionDecision: { declared: "1.0.0", previous: null, version: "1.0.0", reasons: [expect.any(String)] },
    changelog: { status: "written" },
    filesChanged: 3,
    files: [
      { path: "CHANGELOG.md", status: "added" },
      { path: "package.json", status: "added", insertions: 1, deletions: 0 },
      { path: "server.js", status: "added", insertions: 5, deletions: 0 },
    ],
    signature: { status: "none", verifiedBy: null },
    builtUpon: { required: false },
  });
  expect(await read(metadata.commit)).toMatchObject(files);
});

test("another attempt of the invocation finds the commit and says the same, even when main has moved since", async () => {
  const { contextOf, commit, edit, read } = createRepository();
  const first = await contextOf(files, {}, "trace-a");
  const outcome = await commit(first);
  await edit({ "README.md": "by hand" });
  const second = await contextOf(files, {}, "trace-a");
  expect(await commit(second)).toEqual(outcome);
  expect(second.written).toEqual(first.written);
  expect(Object.keys(await read("trace/trace-a/booking-service"))).not.toContain("README.md");
});

test("content that is there already makes no commit, keeps its version and says so", async () => {
  const { deliver, land } = createRepository();
  await land(await deliver(files));
  const { outcome, metadata } = await deliver(files);
  expect(outcome).toMatchObject({ emits: [{ data: { changed: false, version: "1.0.0" } }] });
  expect(metadata).toMatchObject({ files: [], versionDecision: { bump: "none" } });
});

test("what people and generators changed on the branch stays when the module is handed over again", async () => {
  const { deliver, land, edit, read } = createRepository();
  await land(await deliver(files));
  await edit({ ".github/workflows/ci.yml": "generated", "server.js": "one\n2\n3\n4\n5\n" });
  const next = { ...files, "server.js": "1\n2\n3\n4\nfive\n", "new.js": "" };
  const { metadata } = await deliver(next);
  expect(metadata).toMatchObject({ version: "1.0.1", content: { how: "merged" } });
  expect(await read(metadata.commit)).toMatchObject({
    "server.js": "one\n2\n3\n4\nfive\n",
    ".github/workflows/ci.yml": "generated",
    "new.js": "",
  });
  expect(metadata.files.map(({ path }: { path: string }) => path)).toEqual([
    "CHANGELOG.md",
    "new.js",
    "server.js",
  ]);
});

test("passages that both sides changed are shown, nothing is committed, and a side can be taken", async () => {
  const { deliver, land, edit, read, repository } = createRepository();
  await land(await deliver(files));
  await edit({ "server.js": "1\n2\nby hand\n4\n5\n", "other.js": "x\n" });
  const mine = { ...files, "server.js": "1\n2\nhanded over\n4\nfive\n" };
  const { outcome, context } = await deliver(mine);
  expect(outcome).toMatchObject({
    status: "Failed",
    retryable: false,
    refusal: {
      code: "BranchPolicy",
      message: expect.stringContaining("server.js"),
      next: expect.stringContaining("--take"),
    },
  });
  expect(context.lines.join("\n")).toContain("by hand");
  expect(JSON.parse(context.written["commits/MergeConflict.json"] ?? "")).toMatchObject({
    files: [{ path: "server.js", marked: expect.stringMatching(/<{7} ours\nby hand\n={7}\nhanded over/) }],
  });
  expect(
    await git.sourceControl.tip(repository, `trace/${context.invocation.traceId}/booking-service`),
  ).toBeUndefined();

  const branch = await deliver(mine, { take: "branch" });
  expect((await read(branch.metadata.commit))["server.js"]).toBe("1\n2\nby hand\n4\nfive\n");
  const taken = await deliver(mine, { take: "handed-over" });
  expect(await read(taken.metadata.commit)).toMatchObject({
    "server.js": mine["server.js"],
    "other.js": "x\n",
  });
  expect(taken.metadata.content).toEqual({ how: "taken", resolved: ["server.js"] });
});

test("content that nobody handed over is never overwritten, unless the service is adopted as it is", async () => {
  const { deliver, edit, read } = createRepository();
  await edit({ "server.js": "theirs\n", "azure-pipelines.yaml": "own" });
  expect((await deliver(files)).outcome).toMatchObject({
    refusal: { code: "BranchPolicy", next: expect.stringContaining("--adopt") },
  });
  const { module } = sampleHandOver();
  const running = { ...files, "azure-pipelines.yaml": "own" };
  const adopted = await deliver(running, { adopted: true, module: { ...module, pipeline: "own" } });
  expect(await read(adopted.metadata.commit)).toMatchObject(running);
  expect(adopted.metadata.message.trailers).toMatchObject({ Pipeline: "own" });
});

test("the version follows what changed in the interface, and the changelog tells it", async () => {
  const api = (path: string) => `openapi: 3.0.3\npaths: { ${path}: { get: { responses: { "200": {} } } } }\n`;
  const { deliver, land, read } = createRepository();
  await land(await deliver({ ...files, "openapi.yaml": api("/rooms") }));
  const { metadata } = await deliver({ ...files, "openapi.yaml": api("/halls") });
  expect(metadata).toMatchObject({
    version: "2.0.0",
    message: {
      subject: "feat!: update booking-service to 2.0.0 for trace-2",
      body: expect.stringContaining("\n\nBREAKING CHANGE: GET /rooms was removed"),
    },
    versionDecision: { bump: "breaking", previous: "1.0.0", declared: "1.0.0" },
  });
  const { "CHANGELOG.md": changelog } = await read(metadata.commit);
  expect(changelog?.match(/^## .*$/gm)).toEqual(["## [2.0.0] - 2025-05-23", "## [1.0.0] - 2025-05-23"]);
  expect(changelog).toContain("- **Breaking:** GET /rooms was removed");
});

test("a version that landed is an annotated tag, and a tag that is taken is told and not moved", async () => {
  const { deliver, land, repository, tenant } = createRepository();
  const delivered = await deliver(files);
  const { commit, tag } = await land(delivered);
  expect(tag).toEqual({ status: "tagged", name: "v1.0.0" });
  expect(await git.sourceControl.tags(repository)).toEqual([{ name: "v1.0.0", commit }]);
  const elsewhere = { commit: String(delivered.metadata.commit), policy: tenant.commits, tagger };
  expect(await tagRelease(delivered.context, git.sourceControl, elsewhere)).toMatchObject({
    status: "taken",
  });
});

test("in a monorepo a module is its folder: what lies beside it stays, and subject and tag name it", async () => {
  const { deliver, land, edit, read } = createRepository({}, "services/booking-service");
  await edit({ "services/other/package.json": "{}", "README.md": "all" });
  const { metadata, ...rest } = await deliver(files);
  expect(metadata.message.subject).toBe("feat(booking-service): add booking-service for trace-1");
  expect(Object.keys(await read(metadata.commit)).sort()).toEqual([
    "README.md",
    "services/booking-service/CHANGELOG.md",
    "services/booking-service/package.json",
    "services/booking-service/server.js",
    "services/other/package.json",
  ]);
  expect((await land({ metadata, ...rest })).tag).toEqual({
    status: "tagged",
    name: "booking-service/v1.0.0",
  });
});

test("a secret in what would be committed is refused with its place and without itself", async () => {
  const key = `AKIA${"A1B2".repeat(4)}`;
  const { deliver, repository } = createRepository();
  const { outcome, context } = await deliver({ ...files, "config.js": `a\nconst key = "${key}"` });
  expect(outcome).toMatchObject({
    status: "Failed",
    refusal: {
      code: "ScanFailed",
      message: expect.stringContaining("config.js:2 AWS access key id AKIA****"),
    },
  });
  expect(JSON.stringify([outcome, context.lines, context.written])).not.toContain(key);
  expect(await git.sourceControl.tip(repository, "trace/trace-1/booking-service")).toBeUndefined();

  const ignoring = createRepository({ secretScanIgnores: ["test/**"] });
  expect((await ignoring.deliver({ ...files, "test/a.js": key })).outcome.status).toBe("Success");
});

test("the tenant's rules for messages are held before anything is committed", async () => {
  const { deliver, repository } = createRepository({ pattern: "^\\w+: \\[JIRA-\\d+\\]" });
  await expect(deliver(files)).rejects.toThrow(/CommitMessageInvalid: .* a subject that matches/);
  expect(await git.sourceControl.tip(repository, "trace/trace-1/booking-service")).toBeUndefined();
});

test("author and committer are whom the tenant names", async () => {
  const { deliver, repository } = createRepository({ author: "sponsor" });
  const { metadata } = await deliver(files);
  const [logged] = await git.sourceControl.log({ repository, to: metadata.commit, limit: 1 });
  expect(logged?.author).toEqual({ name: "jane.doe", email: "jane.doe@people.connectsoft.invalid" });
  expect(metadata.committer.name).toBe("ConnectSoft Code Committer");
});

test("commits are signed with the tenant's key, and an unsigned one below stops the next delivery by name", async () => {
  const place = await mkdtemp(join(tmpdir(), "signing-key-"));
  try {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "agents", "-f", join(place, "key")]);
    const publicKey = await readFile(join(place, "key.pub"), "utf8");
    const trustedSshSigners = [`agents@example.invalid ${publicKey.trim()}`];
    const { deliver, edit } = createRepository({
      requireSigned: true,
      sign: { format: "ssh", key: join(place, "key") },
      trustedSshSigners,
    });
    const { metadata } = await deliver(files);
    expect(metadata.signature).toMatchObject({
      status: "signed",
      format: "ssh",
      key: "agents@example.invalid",
      verifiedBy: expect.stringContaining("git"),
    });
    const { commit } = await edit({ "README.md": "unsigned" });
    await expect(deliver({ ...files, "a.js": "" })).rejects.toThrow(
      new RegExp(`UnsignedCommit: ${commit} of Jane`),
    );
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});

test("taking a release back leaves what came after it, and the way on from it is the hand-over before", async () => {
  const { deliver, land, read } = createRepository();
  await land(await deliver(files));
  const bad = await deliver({ ...files, "server.js": "1\nbad\n3\n4\n5\n" });
  const { commit } = await land(bad);
  await land(await deliver({ ...files, "server.js": "1\nbad\n3\n4\n5\n", "later.js": "later\n" }));
  const reverted = await deliver(files, {
    reverts: { version: "1.0.1", traceId: "trace-2", commit, tree: bad.context.handOver.source.tree },
  });
  expect(reverted.metadata).toMatchObject({
    version: "1.0.3",
    message: {
      subject: "revert: take back booking-service 1.0.1 as 1.0.3 for trace-4",
      trailers: { Refs: commit },
    },
  });
  const after = await read(reverted.metadata.commit);
  expect(after).toMatchObject({ "server.js": files["server.js"], "later.js": "later\n" });
  expect(after["CHANGELOG.md"]?.match(/^## .*$/gm)).toHaveLength(4);
});

test("a tree that was never imported is refused and nothing is committed", async () => {
  const { deliver, repository } = createRepository();
  const source = { kind: "folder" as const, path: "", tree: "1".repeat(40) };
  await expect(deliver(files, { source })).rejects.toThrow(/NotFound/);
  expect(await git.sourceControl.tip(repository, "trace/trace-1/booking-service")).toBeUndefined();
});

test("what the policy overlays for a module is how its commits are made", async () => {
  const overlay = { "code-committer": { author: "sponsor", changelog: false } };
  const repo = createRepository({}, "", { modules: { "booking-service": { agents: overlay } } });
  const { metadata } = await repo.deliver(files);
  const [made] = await git.sourceControl.log({ repository: repo.repository, to: metadata.commit, limit: 1 });
  expect(made?.author.name).toBe("jane.doe");
  const kept = await git.sourceControl.readFiles(repo.repository, metadata.commit, ["CHANGELOG.md"]);
  expect(kept["CHANGELOG.md"]).toBeUndefined();
});
