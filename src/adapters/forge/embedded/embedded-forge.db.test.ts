import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestForge, type TestForge } from "../../../../test/support/forge.ts";
import { forgeConformance } from "../../../ports/forge.conformance.ts";
import { createEmbeddedForge } from "./embedded-forge.ts";

let count = 0;

forgeConformance("embedded", async () => {
  const { forge, sourceControl, stop } = await createTestForge();
  return { forge, sourceControl, stop, repository: async () => `tenant-${++count}/booking-service` };
});

let subject: TestForge;

beforeAll(async () => {
  subject = await createTestForge();
});
afterAll(() => subject.stop());

const branch = "trace/t-1/booking-service";

async function checkedPullRequest(repository: string) {
  const head = await commit(repository, branch, "a.txt");
  const pull = await subject.forge.open({
    repository,
    sourceBranch: branch,
    targetBranch: "main",
    title: "feat: add booking-service",
    body: "",
    labels: [],
    reviewers: [],
    authors: ["jane.doe"],
  });
  await subject.forge.check(repository, pull.number, "test", {
    commit: head.commit,
    conclusion: "success",
    summary: "passed",
  });
  return pull;
}

function commit(repository: string, onBranch: string, path: string) {
  return subject.sourceControl.commit({
    repository,
    branch: onBranch,
    base: "main",
    content: { files: [{ path, content: path }] },
    subject: `feat: add ${path}`,
    trailers: {},
    author: { name: "Code Committer", email: "code-committer@example.invalid" },
    at: "2025-05-23T10:00:00.000Z",
    invocationId: `commit-${path}`,
  });
}

/** What another process of the same forge stands on. */
function parts() {
  const { pool, gitServer, policy } = subject;
  const url = (repository: string, number: number) => `http://127.0.0.1/${repository}/${number}`;
  return { pool, compare: gitServer.compare, policyOf: async () => policy, url };
}

function mergeRequest(repository: string, number: number, invocationId: string) {
  const at = "2025-05-23T10:00:00.000Z";
  return { repository, number, subject: "Merge booking-service", trailers: {}, at, invocationId };
}

test("a merge that git made and a kill kept from being recorded is found, also after later commits", async () => {
  const repository = "vetclinic-001/killed";
  const pull = await checkedPullRequest(repository);
  const dying = createEmbeddedForge({
    ...parts(),
    sourceControl: {
      ...subject.sourceControl,
      async merge(request) {
        await subject.sourceControl.merge(request);
        throw new Error("killed");
      },
    },
  });
  await expect(dying.merge(mergeRequest(repository, pull.number, "merge-1"))).rejects.toThrow("killed");
  const made = await subject.sourceControl.tip(repository, "main");
  expect((await subject.forge.get(repository, pull.number))?.state).toBe("open");
  await commit(repository, "main", "later.txt");
  const found = await subject.forge.merge(mergeRequest(repository, pull.number, "merge-2"));
  expect(found).toMatchObject({ status: "merged", commit: made?.commit, tree: made?.tree });
});

test("a commit that lands while the merge is on its way is not merged unchecked", async () => {
  const repository = "vetclinic-001/raced";
  const pull = await checkedPullRequest(repository);
  const raced = createEmbeddedForge({
    ...parts(),
    sourceControl: {
      ...subject.sourceControl,
      async merge(request) {
        await commit(repository, branch, "unchecked.txt");
        return await subject.sourceControl.merge(request);
      },
    },
  });
  expect((await raced.merge(mergeRequest(repository, pull.number, "merge-1"))).status).toBe("merged");
  expect(await subject.sourceControl.listFiles(repository, "main")).toEqual(["a.txt"]);
});

test("a failed change leaves no connection inside a transaction", async () => {
  const refused = subject.forge.close("vetclinic-001/absent", 1);
  await expect(refused).rejects.toThrow(/NotFound/);
  const { rows } = await subject.pool.query(
    "select count(*)::int as open from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()",
  );
  expect(rows).toEqual([{ open: 0 }]);
});
