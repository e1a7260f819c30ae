/** pulls/PullRequestMetadata.json: what memory keeps of a pull request. */
import type { JsonObject } from "../../domain/json.ts";
import { changelogOf } from "../../domain/pull-request/body-parts.ts";
import { totals } from "../../domain/pull-request/change-facts.ts";
import type { PullRequest } from "../../ports/forge.ts";
import type { Described } from "./describe-change.ts";

export function openMetadata(
  pull: PullRequest,
  { forge, head, described }: { forge: string; head: string; described: Described },
): string {
  const { files, tests } = described.facts;
  return render({
    forge,
    ...stateOf(pull),
    head,
    changelog: changelogOf(described.facts),
    diffStat: { files: files.length, ...totals(files) },
    // What nothing measured is not made up.
    coverage: tests?.coverage ?? null,
    ...(tests?.counts !== undefined && { tests: { ...tests.counts } }),
  });
}

/** The same document after the merge: what was known before stays. */
export function mergedMetadata(pull: PullRequest, before: string | undefined): string {
  const known: JsonObject = before === undefined ? {} : JSON.parse(before);
  return render({ ...known, ...stateOf(pull) });
}

function stateOf(pull: PullRequest): JsonObject {
  const { repository, number, url, title, state, sourceBranch, targetBranch } = pull;
  return {
    repository,
    number,
    url,
    title,
    state,
    sourceBranch,
    targetBranch,
    labels: pull.labels,
    reviewers: pull.reviewers,
    authors: pull.authors,
    checks: Object.fromEntries(Object.entries(pull.checks).map(([name, check]) => [name, { ...check }])),
    reviews: pull.reviews.map((review) => ({ ...review })),
    ...(pull.merge === undefined ? {} : { merge: { ...pull.merge } }),
  };
}

function render(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
