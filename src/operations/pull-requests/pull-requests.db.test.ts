import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { eventName } from "../../domain/event/event.ts";
import type { Operation } from "../operation.ts";
import { pullRequestOperations } from "./catalogue.ts";

let rig: TestSystem;
beforeAll(async () => {
  rig = await createTestSystem();
});
afterAll(() => rig.close());

function call(name: string, as: string, input: object = {}): Promise<unknown> {
  const found: Operation | undefined = pullRequestOperations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found.run(rig.system, rig.as(as), input);
}

let count = 0;

/** A pull request of a branch that a delivery could have made, with a check. */
async function opened(requiredApprovals: number, traceId = `trace-${++count}`) {
  const repository = `vetclinic-001/module-${++count}`;
  const { sourceControl, forge } = rig.system;
  const commit = (branch: string, content: string) =>
    sourceControl.commit({
      repository,
      branch,
      base: "main",
      content: { files: [{ path: "src/main.js", content }] },
      subject: "feat: change",
      trailers: {},
      author: { name: "Code Committer", email: "code-committer@example.invalid" },
      at: "2025-05-23T10:00:00Z",
      invocationId: `commit-${++count}`,
    });
  const sourceBranch = `trace/${traceId}/booking-service`;
  const head = await commit(sourceBranch, "1\n");
  const [rule] = await forge.protections(repository);
  if (rule === undefined) throw new Error("no rule");
  await forge.protect(repository, [{ ...rule, requiredApprovals }]);
  const text = { title: "feat: change", body: "", labels: [], reviewers: [] };
  const { number } = await forge.open({
    repository,
    sourceBranch,
    targetBranch: "main",
    authors: ["jane"],
    ...text,
  });
  const check = { commit: head.commit, conclusion: "success", summary: "passed" } as const;
  const pull = await forge.check(repository, number, "test", check);
  const place = { tenantId: "vetclinic-001", repository: repository.split("/")[1], number };
  return { place, head, repository, pull };
}

test("a pull request is listed, shown with what keeps it, reviewed and merged by people", async () => {
  const { place, head, pull } = await opened(1);
  expect(await call("listPullRequests", "jane")).toContainEqual(pull);
  expect(await call("getPullRequest", "ada", place)).toMatchObject({
    head: head.commit,
    blockers: [{ about: "review" }],
  });
  await expect(call("mergePullRequest", "jane", place)).rejects.toThrow(/BranchPolicy: .*needs an approval/);
  const approve = { ...place, verdict: "approved" };
  await expect(call("reviewPullRequest", "jane", approve)).rejects.toThrow(/SelfApproval/);
  await expect(call("reviewPullRequest", "ada", approve)).rejects.toThrow(/TenantForbidden/);
  await expect(call("reviewPullRequest", "max", { ...approve, commit: "0".repeat(40) })).rejects.toThrow(
    /Conflict: .*has moved on/,
  );
  await expect(call("reviewPullRequest", "max", { ...place, verdict: "changes-requested" })).rejects.toThrow(
    /InputInvalid: comment/,
  );
  expect(await call("reviewPullRequest", "max", approve)).toMatchObject({
    blockers: [],
    reviews: [{ by: "max", verdict: "approved", commit: head.commit }],
  });
  expect(await call("mergePullRequest", "jane", place)).toMatchObject({ state: "merged" });
  expect(await call("pullRequestDiff", "ada", place)).toMatchObject({ files: [{ path: "src/main.js" }] });
  await expect(call("closePullRequest", "jane", place)).rejects.toThrow(/Conflict: .*is merged/);
});

test("commits, branches, folders, files and comparisons are read without a clone", async () => {
  const { place, head } = await opened(0);
  const { tenantId, repository } = place;
  const at = { tenantId, repository };
  expect(await call("pullRequestCommits", "ada", place)).toMatchObject([{ commit: head.commit }]);
  const branches = (await call("listBranches", "ada", at)) as { name: string }[];
  expect(branches.map(({ name }) => name)).toContain("main");
  const ref = head.commit;
  expect(await call("browseFiles", "ada", { ...at, ref })).toEqual([{ name: "src", kind: "folder" }]);
  expect(await call("readFile", "ada", { ...at, ref, path: "src/main.js" })).toMatchObject({ text: "1\n" });
  await expect(call("readFile", "ada", { ...at, ref, path: "absent" })).rejects.toThrow(/NotFound/);
  expect(await call("compareRefs", "ada", { ...at, base: "main", head: ref })).toMatchObject({
    files: [{ path: "src/main.js", status: "added" }],
    commits: [{ commit: head.commit }],
  });
  await expect(call("listBranches", "ada", { tenantId, repository: "absent" })).rejects.toThrow(/NotFound/);
  await expect(call("listBranches", "ada", { tenantId: "other-002", repository })).rejects.toThrow(
    /TenantForbidden/,
  );
});

test("a review stands on the chain of the delivery whose branch it is about, and of no other", async () => {
  const subject = await rig.deliver();
  const { repository } = (await rig.system.store.load(subject))?.handOver ?? { repository: "" };
  const other = await opened(1, subject.traceId);
  await call("reviewPullRequest", "max", { ...other.place, verdict: "approved" });
  const acts = async () =>
    (await rig.system.store.events(subject)).filter((event) => eventName(event) === "StudioPRAction");
  expect(await acts()).toEqual([]);
  const { sourceControl, forge } = rig.system;
  const branch = `trace/${subject.traceId}/${subject.moduleId}`;
  const head = await sourceControl.commit({
    repository,
    branch,
    base: "main",
    content: { files: [{ path: "a.txt", content: "a" }] },
    subject: "feat: a",
    trailers: {},
    author: { name: "Jane", email: "jane@example.invalid" },
    at: "2025-05-23T10:00:00Z",
    invocationId: "its-own",
  });
  const text = { title: "feat: a", body: "", labels: [], reviewers: [] };
  const place = { repository, sourceBranch: branch, targetBranch: "main", authors: ["jane"] };
  const { number } = await forge.open({ ...place, ...text });
  const input = { tenantId: subject.tenantId, repository: repository.split("/")[1], number };
  await call("reviewPullRequest", "max", { ...input, verdict: "approved" });
  expect((await acts()).map(({ data }) => data)).toEqual([
    {
      by: "max",
      reason: `approved #${number}`,
      pullRequest: number,
      verdict: "approved",
      commit: head.commit,
    },
  ]);
  await call("closePullRequest", "jane", input);
  expect((await acts()).at(-1)?.data).toMatchObject({ by: "jane", pullRequest: number, action: "closed" });
});
