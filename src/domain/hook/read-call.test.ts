/** What forges say, in the shapes that they publish: https://docs.github.com/webhooks, https://docs.gitlab.com, Azure DevOps' service hooks. */
import { expect, test } from "vitest";
import { chooseChange } from "./choose-change.ts";
import type { HookHandOver, HookKind } from "./hook.ts";
import { readCall } from "./read-call.ts";

const url = "https://forge.example/acme/booking.git";
const commit = "a".repeat(40);
const wanted: HookHandOver = { url, branches: ["main"], tags: [], releases: ["v*"] };

const gitHub = (event: string, body: object) => ({
  kind: "github" as const,
  headers: { "x-github-delivery": "d-1", "x-github-event": event },
  body: { repository: { clone_url: url }, ...body },
});
const release = (action: string, more: object = {}) =>
  gitHub("release", {
    action,
    release: { tag_name: "v1.2.0", target_commitish: "main", draft: false, ...more },
  });
const gitLab = (body: object) => ({
  kind: "gitlab" as const,
  headers: { "idempotency-key": "k-1", "x-gitlab-event": "Release Hook" },
  body: { project: { git_http_url: url }, ...body },
});
const ofGitLab = (action: string) =>
  gitLab({ object_kind: "release", action, tag: "v1.2.0", name: "v1.2.0", commit: { id: commit } });
const pullRequest = gitHub("pull_request", {
  ...{ action: "closed", number: 7 },
  pull_request: { merged: true, merge_commit_sha: commit, base: { ref: "main" } },
});

interface Call {
  kind: HookKind;
  headers: Record<string, string>;
  body: object;
}

function chosen({ kind, headers, body }: Call, more: Partial<HookHandOver> = {}) {
  const read = readCall(kind, headers, body as Parameters<typeof readCall>[2]);
  return read && chooseChange({ ...wanted, ...more }, read);
}

test.each([
  ["GitHub names its tag", release("released"), { how: "released", ref: "refs/tags/v1.2.0" }],
  ["GitLab names its commit, too", ofGitLab("create"), { how: "released", ref: "refs/tags/v1.2.0", commit }],
])("a release that was published is delivered once: %s", (_what, call, change) => {
  expect(chosen(call)).toEqual(change);
});

test.each<[string, Call, RegExp, Partial<HookHandOver>]>([
  ["what else GitHub tells of the same release", release("published"), /release tells of nothing/, {}],
  ["a pre-release", release("prereleased", { prerelease: true }), /nothing/, {}],
  ["a draft that was saved", release("created", { draft: true }), /nothing/, {}],
  ["one that is gone", release("deleted"), /nothing/, {}],
  ["a change of its text on GitLab", ofGitLab("update"), /nothing/, {}],
  [
    "another tag",
    release("released", { tag_name: "nightly" }),
    /refs\/tags\/nightly is none of refs\/tags\/v\*/,
    {},
  ],
  ["one without a tag", release("released", { tag_name: null }), /nothing/, {}],
  [
    "releases where none are wanted",
    release("released"),
    /was released: it delivers nothing that is/,
    { releases: [] },
  ],
  [
    "tags alone, which are pushed",
    release("released"),
    /was released/,
    { releases: undefined, tags: ["v*"] },
  ],
  // The merge is pushed to its branch, which is told by itself.
  ["a pull request that was merged", pullRequest, /pull_request tells of nothing/, {}],
])("is ignored: %s", (_what, call, why, more) => {
  expect(chosen(call, more)).toEqual({ ignored: expect.stringMatching(why) });
});

test("a tag that is pushed is none that was released", () => {
  const push = gitHub("push", { ref: "refs/tags/v1.2.0", after: commit });
  expect(chosen(push)).toEqual({ ignored: "refs/tags/v1.2.0 is none of refs/heads/main" });
  expect(chosen(push, { tags: ["v*"] })).toEqual({ how: "pushed", ref: "refs/tags/v1.2.0", commit });
});
