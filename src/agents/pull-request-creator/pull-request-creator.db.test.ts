import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeContext, fakeContext, sampleHandOver } from "../../../test/support/agent-context.ts";
import { createTestForge, type TestForge } from "../../../test/support/forge.ts";
import type { JsonObject } from "../../domain/json.ts";
import { defaultTenant } from "../../domain/tenant/default-tenant.ts";
import { type Tenant, tenantSchema } from "../../domain/tenant/tenant.ts";
import type { AgentOutcome } from "../../ports/agent.ts";
import { createPullRequestCreator } from "./agent.ts";

let subject: TestForge;
let count = 0;
let tenant: Tenant = defaultTenant("jane");

beforeAll(async () => {
  subject = await createTestForge();
});
afterAll(() => subject.stop());

const branch = "trace/trace-2025-05-23-0012/booking-service";
const report = `sha256:${"a".repeat(64)}`;

/** A delivery whose commit is on its branch. */
class Delivery {
  readonly repository: string;
  readonly context: FakeContext;
  private readonly branch: string;
  private readonly folder: string;
  private readonly agent = createPullRequestCreator({ ...subject, tenants: { get: async () => tenant } });

  /** With a module it lies in its own folder of a repository that others share. */
  constructor(
    shared?: { repository: string; moduleId: string; branch: string },
    memory: Record<string, string> = {},
  ) {
    this.repository = shared?.repository ?? `tenant-${++count}/booking-service`;
    this.branch = shared?.branch ?? branch;
    this.folder = shared === undefined ? "" : `modules/${shared.moduleId}`;
    const sample = sampleHandOver();
    const handOver = { ...sample, repository: this.repository, folder: this.folder };
    const { manifest } = this.agent;
    const { moduleId = "booking-service" } = shared ?? {};
    this.context = fakeContext({ handOver, manifest, memory, invocation: { moduleId } });
  }

  async run(skill: "OpenPullRequest" | "MergePullRequest", invocationId: string): Promise<AgentOutcome> {
    this.context.invocation.invocationId = invocationId;
    const outcome = await this.agent.skills[skill]?.(this.context);
    if (outcome === undefined) throw new Error(`no skill ${skill}`);
    for (const { name, data } of outcome.emits) this.context.record(name, data);
    return outcome;
  }

  async commit(content: Record<string, string>, onBranch = this.branch) {
    return await subject.sourceControl.commit({
      repository: this.repository,
      branch: onBranch,
      base: "main",
      content: { files: Object.entries(content).map(([path, text]) => ({ path, content: text })) },
      subject: "feat: change files",
      trailers: { "Module-Id": this.context.invocation.moduleId },
      author: { name: "Code Committer", email: "code-committer@example.invalid" },
      at: "2025-05-23T10:00:00Z",
      invocationId: `commit-${++count}`,
    });
  }

  async opened({ changed = true } = {}): Promise<this> {
    const prefix = this.folder === "" ? "" : `${this.folder}/`;
    const { commit, tree } = await this.commit({ [`${prefix}server.js`]: "1\n2\n3\n" });
    const named = "feat: add booking-service for trace-2025-05-23-0012";
    this.context.record("CommitReady", {
      commit,
      tree,
      branch: this.branch,
      changed,
      subject: named,
    });
    await this.run("OpenPullRequest", "open-1");
    return this;
  }

  /** As the DevOps Engineer reports on the branch's head. */
  async tested(result: "TestsPassed" | "TestsFailed" = "TestsPassed", more: JsonObject = {}): Promise<void> {
    const head = await this.tip(this.branch);
    this.context.record("ArtifactBuilt", { ...head, artifact: report });
    this.context.record(result, {
      ...head,
      reportDigest: report,
      producer: "runner",
      applicable: true,
      ...more,
    });
  }

  async tip(name: string): Promise<{ commit: string; tree: string }> {
    const tip = await subject.sourceControl.tip(this.repository, name);
    if (tip === undefined) throw new Error(`no branch ${name}`);
    return tip;
  }

  metadata(): JsonObject {
    return JSON.parse(this.context.written["pulls/PullRequestMetadata.json"] ?? "null");
  }
}

test("a pull request without a commit of its own is not named after the delivery before it", async () => {
  const delivery = await new Delivery().opened({ changed: false });
  const [pull] = await subject.forge.list(delivery.repository);
  expect(pull?.title).toBe("chore: bring booking-service up to date for trace-2025-05-23-0012");
  expect(pull?.body).not.toContain("### Added");
});

test("the pull request says what it brings, how much changes and where it comes from", async () => {
  const delivery = await new Delivery().opened();
  const [pull] = await subject.forge.list(delivery.repository);
  expect(pull).toMatchObject({
    title: "feat: add booking-service for trace-2025-05-23-0012",
    sourceBranch: branch,
    targetBranch: "main",
    state: "open",
  });
  expect(pull?.body).toContain("1 file changed, 3 insertions, 0 deletions");
  expect(pull?.body).toContain("### Added\n- Add booking-service for trace-2025-05-23-0012");
  expect(pull?.body).toContain("connectsoft timeline trace-2025-05-23-0012");
  expect(pull?.body).toContain("jane.doe");
  expect(delivery.metadata()).toMatchObject({
    forge: "embedded",
    number: pull?.number,
    url: pull?.url,
    diffStat: { files: 1, insertions: 3, deletions: 0 },
    checks: {},
    coverage: null,
  });
  const [created] = await delivery.context.events("PullRequestCreated");
  expect(created?.data).toMatchObject({ number: pull?.number, url: pull?.url, title: pull?.title });
});

test("opening again, by the same or a later invocation, keeps the one pull request", async () => {
  const delivery = await new Delivery().opened();
  await delivery.run("OpenPullRequest", "open-1");
  await delivery.run("OpenPullRequest", "open-2");
  expect(await subject.forge.list(delivery.repository)).toHaveLength(1);
});

test("a tested head is merged with exactly the tested tree, and the checks stand on the pull request", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested();
  const head = await delivery.tip(branch);
  const outcome = await delivery.run("MergePullRequest", "merge-1");
  const main = await delivery.tip("main");
  expect(outcome).toMatchObject({
    status: "Success",
    emits: [{ name: "PullRequestMerged", data: { commit: main.commit, tree: head.tree } }],
  });
  expect(main.tree).toBe(head.tree);
  expect(delivery.metadata()).toMatchObject({
    state: "merged",
    merge: main,
    diffStat: { files: 1 },
    checks: {
      build: { commit: head.commit, conclusion: "success" },
      test: { commit: head.commit, conclusion: "success" },
    },
  });
  expect(await delivery.run("MergePullRequest", "merge-1")).toEqual(outcome);
  expect(await delivery.run("MergePullRequest", "merge-2")).toEqual(outcome);
});

test("a head that was not built and tested sends the delivery back, and a test of an older head does not count", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested();
  const newer = await delivery.commit({ "build.yaml": "x: 1\n" });
  const outcome = await delivery.run("MergePullRequest", "merge-1");
  expect(outcome).toMatchObject({
    status: "Failed",
    retryable: false,
    refusal: { code: "TestsNotPassed" },
    emits: [{ name: "PipelineInvalid", data: { commit: newer.commit, tree: newer.tree } }],
  });
  await delivery.tested();
  expect(await delivery.run("MergePullRequest", "merge-2")).toMatchObject({ status: "Success" });
});

test("a target that moved on brings the branch up to date, and after another test the merge lands", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested();
  await delivery.commit({ "other.js": "1" }, "main");
  const before = await delivery.tip("main");
  const outcome = await delivery.run("MergePullRequest", "merge-1");
  expect(outcome).toMatchObject({ status: "Failed", emits: [{ name: "PipelineInvalid" }] });
  expect(await delivery.tip("main")).toEqual(before);
  const head = await delivery.tip(branch);
  expect(await subject.sourceControl.listFiles(delivery.repository, branch)).toEqual([
    "other.js",
    "server.js",
  ]);
  expect(outcome.emits[0]?.data).toMatchObject(head);

  await delivery.run("MergePullRequest", "merge-1");
  expect(await delivery.tip(branch)).toEqual(head);

  await delivery.tested();
  expect(await delivery.run("MergePullRequest", "merge-2")).toMatchObject({ status: "Success" });
  expect((await delivery.tip("main")).tree).toBe(head.tree);
});

test("a conflict is refused with the paths, and neither branch moves", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested();
  await delivery.commit({ "server.js": "other\n", "fine.js": "1" }, "main");
  const before = [await delivery.tip("main"), await delivery.tip(branch)];
  expect(await delivery.run("MergePullRequest", "merge-1")).toMatchObject({
    status: "Failed",
    retryable: false,
    refusal: { code: "BranchPolicy", message: expect.stringMatching(/: server\.js changed on both sides/) },
    emits: [],
  });
  expect([await delivery.tip("main"), await delivery.tip(branch)]).toEqual(before);
});

test("tests that failed last hold the merge, though earlier ones passed", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested("TestsPassed");
  await delivery.tested("TestsFailed");
  expect(await delivery.run("MergePullRequest", "merge-1")).toMatchObject({
    status: "Failed",
    retryable: false,
    refusal: { code: "BranchPolicy", message: expect.stringContaining("check test failed") },
  });
  expect((await subject.forge.list(delivery.repository))[0]?.state).toBe("open");
});

test("a check that somebody else's tool set on an older head holds the merge", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested();
  const [pull] = await subject.forge.list(delivery.repository);
  await subject.forge.check(delivery.repository, pull?.number ?? 0, "scan", {
    commit: "0".repeat(40),
    conclusion: "success",
    summary: "clean",
  });
  expect(await delivery.run("MergePullRequest", "merge-1")).toMatchObject({
    status: "Failed",
    refusal: { code: "BranchPolicy", message: expect.stringContaining("scan") },
  });
});

test("what a person merged on the forge without a test of it is tested before it goes on", async () => {
  const delivery = await new Delivery().opened();
  await delivery.tested();
  await delivery.commit({ "other.js": "1" }, "main");
  const head = await delivery.tip(branch);
  const [pull] = await subject.forge.list(delivery.repository);
  const number = pull?.number ?? 0;
  const passed = { commit: head.commit, conclusion: "success", summary: "looked at" } as const;
  await subject.forge.check(delivery.repository, number, "review", passed);
  const at = "2025-05-23T11:00:00Z";
  const byHand = { repository: delivery.repository, number, subject: "by hand", trailers: {}, at };
  await subject.forge.merge({ ...byHand, invocationId: "person" });
  const outcome = await delivery.run("MergePullRequest", "merge-1");
  expect(outcome).toMatchObject({ status: "Failed", emits: [{ name: "PipelineInvalid" }] });
  await delivery.tested();
  const main = await delivery.tip("main");
  expect(await delivery.run("MergePullRequest", "merge-2")).toMatchObject({
    status: "Success",
    emits: [{ name: "PullRequestMerged", data: main }],
  });
});

test("without a commit or a pull request the way on is named", async () => {
  const delivery = new Delivery();
  await expect(delivery.run("OpenPullRequest", "open-1")).rejects.toThrow(/NotFound: .* has no commit/);
  await expect(delivery.run("MergePullRequest", "merge-1")).rejects.toThrow(/NotFound: .* no pull request/);
});

test("the text is brought up to date with the tests before the merge", async () => {
  const delivery = await new Delivery().opened();
  const before = (await subject.forge.list(delivery.repository))[0]?.body;
  expect(before).toContain("Not built and tested yet.");
  const head = await delivery.tip(branch);
  delivery.context.written["pipelines/TestReport.json"] = JSON.stringify({
    tree: head.tree,
    coverage: { percent: 91.5 },
  });
  await delivery.tested("TestsPassed", { tests: { total: 12, passed: 12, failed: 0, skipped: 0 } });
  await delivery.run("MergePullRequest", "merge-1");
  const after = (await subject.forge.list(delivery.repository))[0]?.body;
  expect(after).toContain("12 of 12 tests passed.");
  expect(after).toContain("Lines covered: 91.5 %");
  expect(delivery.metadata()).toMatchObject({ coverage: 91.5, tests: { total: 12 }, state: "merged" });
});

test("required approvals are waited for, and the merge goes on when somebody else has approved", async () => {
  const [protection] = subject.policy.protections;
  if (protection === undefined) throw new Error("no protection");
  const delivery = await new Delivery().opened();
  await subject.forge.protect(delivery.repository, [{ ...protection, requiredApprovals: 1 }]);
  await delivery.tested();
  expect(await delivery.run("MergePullRequest", "merge-1")).toEqual({
    status: "Delayed",
    emits: [],
    wakeOn: ["StudioPRAction"],
    summary: expect.stringMatching(
      /#1: it needs an approval of its head by somebody other than jane\.doe; 0 so far/,
    ),
  });
  const { commit } = await delivery.tip(branch);
  const review = { verdict: "approved", commit, comment: "", at: "2025-05-23T11:00:00.000Z" } as const;
  await expect(subject.forge.review(delivery.repository, 1, { ...review, by: "jane.doe" })).rejects.toThrow(
    /SelfApproval/,
  );
  await subject.forge.review(delivery.repository, 1, { ...review, by: "max" });
  expect(await delivery.run("MergePullRequest", "merge-1")).toMatchObject({ status: "Success" });
});

test("owners of what changes are asked, as the target branch names them, and the tenant's own", async () => {
  const delivery = new Delivery();
  await delivery.commit({ CODEOWNERS: "*.js @js-owner @jane.doe\n" }, "main");
  tenant = tenantSchema.parse({
    ...defaultTenant("jane"),
    pullRequests: { labels: ["team-x"], reviewers: ["lead"], template: "{{module}} by {{sponsor}}" },
  });
  try {
    await delivery.opened();
  } finally {
    tenant = defaultTenant("jane");
  }
  const [pull] = await subject.forge.list(delivery.repository);
  expect(pull?.reviewers).toEqual(["@js-owner", "lead"]);
  expect(pull?.labels).toEqual(["delivery", "booking-service", "feature", "size/XS", "team-x"]);
  expect(pull?.body).toBe("booking-service by jane.doe\n");
});

test("modules of one trace share a pull request, and the last to be tested merges for all", async () => {
  const repository = `tenant-${++count}/modules`;
  const shared = "trace/trace-2025-05-23-0012";
  const [one, two] = ["a", "b"].map((moduleId) => new Delivery({ repository, moduleId, branch: shared }));
  if (one === undefined || two === undefined) throw new Error("two deliveries");
  await one.opened();
  await two.opened();
  const pulls = await subject.forge.list(repository);
  expect(pulls).toHaveLength(1);
  expect(pulls[0]).toMatchObject({ title: "feat: deliver a, b for trace-2025-05-23-0012" });
  expect(pulls[0]?.body).toMatch(/Delivers \*\*a [\s\S]*Delivers \*\*b /);
  expect(pulls[0]?.labels).toEqual(expect.arrayContaining(["a", "b"]));
  await one.tested();
  expect(await one.run("MergePullRequest", "merge-a")).toMatchObject({
    status: "Delayed",
    summary: expect.stringContaining("b not yet built and tested"),
    until: expect.any(String),
  });
  await two.tested();
  expect(await two.run("MergePullRequest", "merge-b")).toMatchObject({ status: "Success" });
  const [landed] = await subject.forge.list(repository);
  if (landed === undefined) throw new Error("no pull request");
  // As it is when the other one wrote the text at the same moment, from what it had read before.
  await subject.forge.update(repository, landed.number, { ...landed, body: pulls[0]?.body ?? "" });
  expect(await one.run("MergePullRequest", "merge-a")).toMatchObject({ status: "Success" });
  const [merged] = await subject.forge.list(repository);
  expect(merged?.title).toBe("feat: deliver a, b for trace-2025-05-23-0012");
  expect(merged?.body.split("connectsoft:end=a")[0]).not.toContain("Not built and tested yet");
  expect(Object.keys(merged?.checks ?? {}).toSorted()).toEqual([
    "build (a)",
    "build (b)",
    "test (a)",
    "test (b)",
  ]);
});

test("who read a shared pull request before the other one merged it leaves its title alone", async () => {
  const repository = `tenant-${++count}/modules`;
  const shared = "trace/trace-2025-05-23-0012";
  const [one, two] = ["a", "b"].map((moduleId) => new Delivery({ repository, moduleId, branch: shared }));
  if (one === undefined || two === undefined) throw new Error("two deliveries");
  await one.opened();
  await two.opened();
  await one.tested();
  await one.run("MergePullRequest", "merge-a");
  await two.tested();
  const late = createPullRequestCreator({
    ...subject,
    tenants: { get: async () => tenant },
    forge: {
      ...subject.forge,
      async diff(...of) {
        await two.run("MergePullRequest", "merge-b");
        return await subject.forge.diff(...of);
      },
    },
  });
  expect(await late.skills.MergePullRequest?.(one.context)).toMatchObject({ status: "Success" });
  const [merged] = await subject.forge.list(repository);
  expect(merged).toMatchObject({ state: "merged", title: "feat: deliver a, b for trace-2025-05-23-0012" });
});

test("an update names the components that changed since the delivery that landed last", async () => {
  const decision = { bump: "minor", previous: "1.0.0", reasons: [] };
  const delivery = new Delivery(undefined, {
    "commits/CommitMetadata.json": JSON.stringify({ version: "1.1.0", versionDecision: decision }),
    "supply-chain/SBOM.json": sbom([
      ["flour", "2.0.0"],
      ["salt", "1.0.0"],
    ]),
    "trace-earlier/supply-chain/SBOM.json": sbom([["flour", "1.0.0"]]),
  });
  const { moduleId, tenantId } = delivery.context.invocation;
  await subject.sourceControl.commit({
    repository: delivery.repository,
    branch: "main",
    base: "main",
    content: { files: [{ path: "server.js", content: "1\n" }] },
    subject: "feat: the one before",
    trailers: { "Trace-Id": "trace-earlier", "Module-Id": moduleId, "Tenant-Id": tenantId },
    author: { name: "Code Committer", email: "code-committer@example.invalid" },
    at: "2025-05-22T10:00:00Z",
    invocationId: "commit-earlier",
  });
  await delivery.opened();
  await delivery.tested();
  await delivery.run("MergePullRequest", "merge-1");
  const [pull] = await subject.forge.list(delivery.repository);
  expect(pull?.body).toContain("updated `flour` from `1.0.0` to `2.0.0`");
  expect(pull?.body).toContain("added `salt 1.0.0`");
});

function sbom(components: [name: string, version: string][]): string {
  const listed = components.map(([name, version]) => ({ name, version, purl: `pkg:npm/${name}@${version}` }));
  return JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: listed });
}

test("where merging is a person's, what is built and tested waits for them and goes on from what landed", async () => {
  const usual = tenant;
  tenant = tenantSchema.parse({
    ...usual,
    releasePolicy: {
      tenant: { agents: { "pull-request-creator": { merge: "by-person", labels: ["slow"] } } },
    },
  });
  const delivery = await new Delivery().opened();
  await delivery.tested();
  expect(await delivery.run("MergePullRequest", "merge-1")).toMatchObject({
    status: "Delayed",
    wakeOn: ["StudioPRAction"],
    summary: expect.stringContaining("a person merges it into main: connectsoft pr merge booking-service#1"),
  });
  expect((await subject.forge.get(delivery.repository, 1))?.labels).toContain("slow");
  await subject.forge.merge({
    ...{ repository: delivery.repository, number: 1, subject: "merged by hand", trailers: {} },
    ...{ at: "2025-05-23T10:00:00Z", invocationId: "by-hand" },
  });
  expect(await delivery.run("MergePullRequest", "merge-1")).toMatchObject({ status: "Success" });
  tenant = usual;
});
