/** What every forge keeps to; called by the test of each adapter. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RefusalError } from "../domain/refusal.ts";
import type { BranchProtection, Forge, MergePullRequestRequest, PullRequestCheck } from "./forge.ts";
import type { SourceControl } from "./source-control.ts";

export interface ForgeUnderTest {
  forge: Forge;
  /** Where the forge's branches live. */
  sourceControl: SourceControl;
  /** Makes a repository that no other test knows, and gives its name. */
  repository(): Promise<string>;
  stop(): Promise<void>;
}

const author = { name: "Code Committer", email: "code-committer@example.invalid" };
const at = "2025-05-23T10:00:00.000Z";
const branch = "trace/t-1/booking-service";

export function forgeConformance(name: string, create: () => Promise<ForgeUnderTest>): void {
  describe(`${name} as forge`, () => {
    let subject: ForgeUnderTest;
    let forge: Forge;
    let repo: string;
    let count = 0;

    beforeAll(async () => {
      subject = await create();
      forge = subject.forge;
    });
    afterAll(() => subject.stop());

    async function commit(content: string, over: { branch?: string; path?: string } = {}) {
      return await subject.sourceControl.commit({
        repository: repo,
        branch: over.branch ?? branch,
        base: "main",
        content: { files: [{ path: over.path ?? "a.txt", content }] },
        subject: "feat: change a file",
        trailers: {},
        author,
        at,
        invocationId: `commit-${++count}`,
      });
    }

    async function opened() {
      repo = await subject.repository();
      const head = await commit("1");
      return { head, pull: await forge.open(openRequest(repo)) };
    }

    const merge = (number: number, over: Partial<MergePullRequestRequest> = {}) =>
      forge.merge({
        repository: repo,
        number,
        subject: "Merge booking-service",
        trailers: { "Trace-Id": "t-1" },
        at,
        invocationId: "merge-1",
        ...over,
      });
    const check = (
      number: number,
      commitId: string,
      over: Partial<PullRequestCheck> = {},
      checkName = "test",
    ) =>
      forge.check(repo, number, checkName, {
        commit: commitId,
        conclusion: "success",
        summary: "12 tests passed",
        ...over,
      });

    test("opens a pull request with an address, and knows it again", async () => {
      const { pull } = await opened();
      expect(pull).toMatchObject({
        repository: repo,
        sourceBranch: branch,
        targetBranch: "main",
        state: "open",
      });
      expect(pull.url).toContain(String(pull.number));
      expect(await forge.get(repo, pull.number)).toEqual(pull);
      expect(await forge.list(repo)).toEqual([pull]);
    });

    test("adds authors to the open one of a branch, which keeps its text, instead of opening a second", async () => {
      const { pull } = await opened();
      const more = { title: "feat: a better title", body: "better", authors: ["zoe"] };
      const again = await forge.open({ ...openRequest(repo), ...more });
      expect(again).toEqual({ ...pull, authors: [...pull.authors, "zoe"].toSorted() });
      expect(await forge.list(repo)).toHaveLength(1);
    });

    test("opens one pull request where many ask at once, and different numbers for different branches", async () => {
      repo = await subject.repository();
      await commit("1");
      await commit("1", { branch: "other" });
      const same = Array.from({ length: 4 }, () => forge.open(openRequest(repo)));
      const pulls = await Promise.all([...same, forge.open({ ...openRequest(repo), sourceBranch: "other" })]);
      expect(new Set(pulls.map((pull) => pull.number)).size).toBe(2);
      expect(await forge.list(repo)).toHaveLength(2);
    });

    test("refuses a branch that is not there", async () => {
      await opened();
      const refusal = await refusalOf(forge.open({ ...openRequest(repo), sourceBranch: "absent" }));
      expect(refusal).toMatchObject({ code: "NotFound", message: expect.stringContaining("absent") });
    });

    test("does not merge without checks, with a failed one, or with one of another head, and says which", async () => {
      const { head, pull } = await opened();
      expect(await merge(pull.number)).toMatchObject({ status: "blocked" });
      await check(pull.number, head.commit, {}, "build");
      await check(pull.number, head.commit, { conclusion: "failure", summary: "2 of 12 failed" });
      expect(await merge(pull.number)).toEqual({
        status: "blocked",
        blockers: [{ about: "check", reason: expect.stringMatching(/test.*2 of 12 failed/) }],
      });
      await check(pull.number, head.commit);
      await commit("2");
      const late = await merge(pull.number);
      expect(late.status === "blocked" && late.blockers).toHaveLength(2);
      expect((await forge.get(repo, pull.number))?.state).toBe("open");
    });

    test("merges the checked head once, whoever asks again", async () => {
      const { head, pull } = await opened();
      const checked = await check(pull.number, head.commit);
      expect(checked.checks).toEqual({
        test: { commit: head.commit, conclusion: "success", summary: "12 tests passed" },
      });
      const first = await merge(pull.number);
      expect(first).toMatchObject({ status: "merged", tree: head.tree });
      expect(await merge(pull.number)).toEqual(first);
      expect(await merge(pull.number, { invocationId: "merge-2" })).toEqual(first);
      const after = await forge.get(repo, pull.number);
      expect(after?.state).toBe("merged");
      expect(first.status === "merged" && first.commit).toBe(after?.merge?.commit);
      expect((await subject.sourceControl.tip(repo, "main"))?.commit).toBe(after?.merge?.commit);
    });

    test("merges once where two ask at the same time", async () => {
      const { head, pull } = await opened();
      await check(pull.number, head.commit);
      const [one, two] = await Promise.all([
        merge(pull.number),
        merge(pull.number, { invocationId: "merge-2" }),
      ]);
      expect(one).toEqual(two);
      expect(one.status).toBe("merged");
    });

    test("leaves a pull request that conflicts open and names the paths", async () => {
      const { head, pull } = await opened();
      await commit("other", { branch: "main" });
      await check(pull.number, head.commit);
      expect(await merge(pull.number)).toEqual({ status: "conflict", paths: ["a.txt"] });
      expect((await forge.get(repo, pull.number))?.state).toBe("open");
    });

    test("does not merge what would give another tree than the expected one", async () => {
      const { head, pull } = await opened();
      await commit("b", { branch: "main", path: "b.txt" });
      await check(pull.number, head.commit);
      expect(await merge(pull.number, { expectTree: head.tree })).toMatchObject({ status: "diverged" });
      expect((await forge.get(repo, pull.number))?.state).toBe("open");
      expect(await merge(pull.number)).toMatchObject({ status: "merged" });
    });

    test("does not merge a closed pull request, and opens a new one for its branch", async () => {
      const { head, pull } = await opened();
      await check(pull.number, head.commit);
      expect((await forge.close(repo, pull.number)).state).toBe("closed");
      expect(await merge(pull.number)).toMatchObject({ status: "blocked" });
      expect((await forge.open(openRequest(repo))).number).not.toBe(pull.number);
    });

    test("does not close what is merged", async () => {
      const { head, pull } = await opened();
      await check(pull.number, head.commit);
      await merge(pull.number);
      expect((await refusalOf(forge.close(repo, pull.number))).code).toBe("Conflict");
    });

    test("refuses what is not there", async () => {
      const { head } = await opened();
      expect(await forge.get(repo, 999)).toBeUndefined();
      for (const act of [() => merge(999), () => check(999, head.commit), () => forge.close(repo, 999)])
        expect((await refusalOf(act())).code).toBe("NotFound");
    });

    test("replaces text, labels and reviewers without opening anything", async () => {
      const { pull } = await opened();
      await forge.close(repo, pull.number);
      const text = { title: "fix: other", body: "other", labels: ["x"], reviewers: ["@team/one"] };
      expect(await forge.update(repo, pull.number, text)).toEqual({ ...pull, ...text, state: "closed" });
      expect(await forge.list(repo)).toHaveLength(1);
    });

    test("replaces nothing where somebody else has written meanwhile, and tells what is there", async () => {
      const { pull } = await opened();
      const text = (body: string) => ({ title: "feat: both", body, labels: [body], reviewers: [] });
      const writers = ["one", "two", "three"].map((body) =>
        forge.update(repo, pull.number, text(body), pull),
      );
      const bodies = (await Promise.all(writers)).map(({ body }) => body);
      expect(new Set(bodies).size).toBe(1);
      const [first = ""] = bodies;
      const now = { body: first, labels: [first], state: pull.state };
      expect((await forge.update(repo, pull.number, text("four"), now)).body).toBe("four");
      const closed = await forge.close(repo, pull.number);
      const read = { ...closed, state: pull.state };
      expect(await forge.update(repo, pull.number, text("five"), read)).toEqual(closed);
    });

    test("lists the open ones of all repositories of an owner, and of no other", async () => {
      const { pull } = await opened();
      const owner = repo.split("/")[0] ?? "";
      expect(await forge.listOpen(owner)).toEqual([pull]);
      await forge.close(repo, pull.number);
      expect(await forge.listOpen(owner)).toEqual([]);
    });

    const by = (
      person: string,
      commitId: string,
      verdict: "approved" | "changes-requested" | "commented" = "approved",
    ) => forge.review(repo, 1, { by: person, verdict, commit: commitId, comment: "why", at });
    const rule: BranchProtection = {
      pattern: "main",
      pullRequestOnly: true,
      requiredChecks: [],
      requiredApprovals: 1,
      requireSignedCommits: false,
      mergeMethods: ["merge"],
    };
    const about = async () => (await forge.blockers(repo, 1)).map((blocker) => blocker.about);

    test("keeps protections as they were set, and protects by default", async () => {
      await opened();
      expect((await forge.protections(repo)).find(({ pattern }) => pattern === "main")?.pullRequestOnly).toBe(
        true,
      );
      await forge.protect(repo, [rule, { ...rule, pattern: "release/*" }]);
      expect(await forge.protections(repo)).toEqual([rule, { ...rule, pattern: "release/*" }]);
      await forge.protect(repo, []);
      expect(await forge.protections(repo)).toEqual([]);
    });

    test("waits for approvals of the head by people who are no authors", async () => {
      const { head, pull } = await opened();
      await forge.protect(repo, [rule]);
      await check(pull.number, head.commit);
      expect(await about()).toEqual(["review"]);
      expect(await merge(pull.number)).toMatchObject({ status: "blocked", blockers: [{ about: "review" }] });
      expect((await refusalOf(by("jane.doe", head.commit))).code).toBe("SelfApproval");
      await by("jane.doe", head.commit, "commented");
      await by("max", head.commit, "commented");
      expect(await about()).toEqual(["review"]);
      const reviewed = await by("max", head.commit);
      expect(reviewed.reviews.at(-1)).toEqual({
        by: "max",
        verdict: "approved",
        commit: head.commit,
        comment: "why",
        at,
      });
      expect(await about()).toEqual([]);
      expect(await merge(pull.number)).toMatchObject({ status: "merged" });
      expect(await about()).toEqual([]);
    });

    test("an approval of an older head does not count, and none is taken of it", async () => {
      const { head, pull } = await opened();
      await forge.protect(repo, [rule]);
      await by("max", head.commit);
      const newer = await commit("2");
      await check(pull.number, newer.commit);
      expect(await about()).toEqual(["review"]);
      expect((await refusalOf(by("max", head.commit))).code).toBe("Conflict");
    });

    test("two approvals of one person are one, and who asks for changes holds it until they approve", async () => {
      const { head, pull } = await opened();
      await forge.protect(repo, [{ ...rule, requiredApprovals: 2 }]);
      await check(pull.number, head.commit);
      await by("max", head.commit);
      await by("max", head.commit);
      expect(await about()).toEqual(["review"]);
      await by("ada", head.commit);
      await by("olga", head.commit, "changes-requested");
      expect(await merge(pull.number)).toMatchObject({
        blockers: [{ about: "review", reason: expect.stringContaining("olga asks for changes: why") }],
      });
      await by("olga", head.commit);
      expect(await merge(pull.number)).toMatchObject({ status: "merged" });
    });

    test("waits for the checks that the target asks for, whatever else has succeeded", async () => {
      const { head, pull } = await opened();
      await forge.protect(repo, [{ ...rule, requiredApprovals: 0, requiredChecks: ["scan"] }]);
      await check(pull.number, head.commit);
      expect(await merge(pull.number)).toMatchObject({
        blockers: [{ about: "check", reason: expect.stringContaining("scan") }],
      });
      await check(pull.number, head.commit, {}, "scan");
      expect(await merge(pull.number)).toMatchObject({ status: "merged" });
    });

    test("lands no unsigned commit where the target takes signed ones only", async () => {
      const { head, pull } = await opened();
      await forge.protect(repo, [{ ...rule, requiredApprovals: 0, requireSignedCommits: true }]);
      await check(pull.number, head.commit);
      const result = await merge(pull.number);
      expect(result).toMatchObject({
        status: "blocked",
        blockers: expect.arrayContaining([
          {
            about: "signature",
            reason: expect.stringContaining(head.commit),
          },
        ]),
      });
    });

    test.each([
      ["merge", 2],
      ["squash", 1],
      ["rebase", 1],
    ] as const)("merges by %s, once, and only by what the target allows", async (method, parents) => {
      const { pull } = await opened();
      const head = await commit("2", { path: "b.txt" });
      await commit("c", { branch: "main", path: "c.txt" });
      await check(pull.number, head.commit);
      const other = method === "merge" ? "squash" : "merge";
      await forge.protect(repo, [{ ...rule, requiredApprovals: 0, mergeMethods: [method] }]);
      expect(await merge(pull.number, { method: other })).toMatchObject({ blockers: [{ about: "method" }] });
      const first = await merge(pull.number);
      expect(first.status === "merged" && first.parents).toHaveLength(parents);
      expect(await subject.sourceControl.listFiles(repo, "main")).toEqual(["a.txt", "b.txt", "c.txt"]);
      expect(await merge(pull.number, { invocationId: "again" })).toEqual(first);
    });

    test("looks at one folder only where that is asked for", async () => {
      repo = await subject.repository();
      const head = await commit("1", { path: "modules/a/x.txt" });
      const pull = await forge.open(openRequest(repo));
      await check(pull.number, head.commit);
      await commit("b", { branch: "main", path: "modules/b/x.txt" });
      const tree = await subject.sourceControl.subtree(repo, head.commit, "modules/a");
      if (tree === undefined) throw new Error("no folder");
      expect(await merge(pull.number, { expectTree: head.tree })).toMatchObject({ status: "diverged" });
      const asked = { expectTree: tree, expectFolder: "modules/a" };
      expect(await merge(pull.number, asked)).toMatchObject({ status: "merged" });
    });

    test("shows what merging would change, not what the target changed, and the same after it", async () => {
      const { head, pull } = await opened();
      await commit("other", { branch: "main", path: "other.txt" });
      const before = await forge.diff(repo, pull.number);
      expect(before.files).toEqual([{ path: "a.txt", status: "added", insertions: 1, deletions: 0 }]);
      expect(before.patch).toContain("+1");
      expect(before.truncated).toBe(false);
      await check(pull.number, head.commit);
      await merge(pull.number);
      expect(await forge.diff(repo, pull.number)).toEqual(before);
    });
  });
}

function openRequest(repository: string) {
  return {
    repository,
    sourceBranch: branch,
    targetBranch: "main",
    title: "feat: add booking-service",
    body: "What it brings.",
    labels: ["delivery"],
    reviewers: [],
    authors: ["jane.doe"],
  };
}

async function refusalOf(work: Promise<unknown>): Promise<RefusalError["refusal"]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RefusalError) return error.refusal;
  throw new Error(`expected a refusal, got ${String(error)}`);
}
