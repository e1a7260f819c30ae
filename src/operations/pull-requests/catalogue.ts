/** The use cases of repositories and pull requests. */
import { type Operation, operation } from "../operation.ts";
import {
  closePullRequest,
  mergePullRequest,
  mergePullRequestInput,
  reviewPullRequest,
  reviewPullRequestInput,
} from "./act-on-pull-request.ts";
import {
  browseFiles,
  browseFilesInput,
  compareRefs,
  compareRefsInput,
  listBranches,
  readFile,
  readFileInput,
} from "./browse.ts";
import { pullRequestInput, repositoryInput } from "./find-repository.ts";
import {
  getPullRequest,
  listPullRequests,
  listPullRequestsInput,
  pullRequestCommits,
  pullRequestDiff,
} from "./read-pull-requests.ts";

const repository = "/repositories/:tenantId/:repository";
const pullRequest = "/pull-requests/:tenantId/:repository/:number";

export const pullRequestOperations: Operation[] = [
  operation({
    name: "listPullRequests",
    summary: "Open pull requests of every repository, or those of one repository in any state.",
    method: "GET",
    path: "/pull-requests",
    input: listPullRequestsInput,
    action: "view",
    handle: listPullRequests,
  }),
  operation({
    name: "getPullRequest",
    summary: "A pull request with its checks, reviews, and what keeps it from being merged.",
    method: "GET",
    path: pullRequest,
    input: pullRequestInput,
    action: "view",
    handle: getPullRequest,
  }),
  operation({
    name: "pullRequestDiff",
    summary: "What a pull request changes, file by file and as text of at most 1 MiB.",
    method: "GET",
    path: `${pullRequest}/diff`,
    input: pullRequestInput,
    action: "view",
    handle: pullRequestDiff,
  }),
  operation({
    name: "pullRequestCommits",
    summary: "The commits of a pull request, newest first.",
    method: "GET",
    path: `${pullRequest}/commits`,
    input: pullRequestInput,
    action: "view",
    handle: pullRequestCommits,
  }),
  operation({
    name: "reviewPullRequest",
    summary: "Approves the head of a pull request, asks for changes, or comments.",
    method: "POST",
    path: `${pullRequest}/reviews`,
    input: reviewPullRequestInput,
    action: "review",
    handle: reviewPullRequest,
  }),
  operation({
    name: "mergePullRequest",
    summary: "Merges a pull request by hand, where the target branch's protection is content.",
    method: "POST",
    path: `${pullRequest}/merge`,
    input: mergePullRequestInput,
    action: "merge",
    handle: mergePullRequest,
  }),
  operation({
    name: "closePullRequest",
    summary: "Closes a pull request without merging it.",
    method: "POST",
    path: `${pullRequest}/close`,
    input: pullRequestInput,
    action: "pull-request",
    handle: closePullRequest,
  }),
  operation({
    name: "listBranches",
    summary: "Branches of a repository, with the newest commit of each.",
    method: "GET",
    path: `${repository}/branches`,
    input: repositoryInput,
    action: "view",
    handle: listBranches,
  }),
  operation({
    name: "browseFiles",
    summary: "What lies in a folder of a branch or commit.",
    method: "GET",
    path: `${repository}/files`,
    input: browseFilesInput,
    action: "view",
    handle: browseFiles,
  }),
  operation({
    name: "readFile",
    summary: "The text of a file of a branch or commit, up to 1 MiB.",
    method: "GET",
    path: `${repository}/file`,
    input: readFileInput,
    action: "view",
    handle: readFile,
  }),
  operation({
    name: "compareRefs",
    summary: "What one branch or commit changed since it left another.",
    method: "GET",
    path: `${repository}/compare`,
    input: compareRefsInput,
    action: "view",
    handle: compareRefs,
  }),
];
