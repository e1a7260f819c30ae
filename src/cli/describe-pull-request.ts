/** A pull request for people at a terminal. */
import type { PullRequestView } from "../operations/pull-requests/read-pull-requests.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";

export function listLine(cli: Cli, pull: Omit<PullRequestView, "blockers" | "head">): string[] {
  const { bold, dim } = cli.colors;
  const repository = pull.repository.split("/")[1];
  const route = `${pull.sourceBranch} -> ${pull.targetBranch}`;
  return [bold(`${repository}#${pull.number}`), pull.state, pull.title, dim(route)];
}

export function describePullRequest(cli: Cli, pull: PullRequestView): string[] {
  const { bold, dim, yellow } = cli.colors;
  const { checks, reviews, blockers, head } = pull;
  const stale = (commit: string) => (pull.state === "open" && commit !== head ? " (of an older head)" : "");
  return [
    `${bold(`${pull.repository.split("/")[1]}#${pull.number}`)} ${pull.title}`,
    ...table(
      [
        ["state", pull.merge === undefined ? pull.state : `merged as ${pull.merge.commit.slice(0, 12)}`],
        ["branch", `${pull.sourceBranch} -> ${pull.targetBranch}`],
        ["head", head?.slice(0, 12) ?? "gone"],
        ["authors", pull.authors.join(", ") || "unknown"],
        ["labels", pull.labels.join(", ") || "none"],
        ["reviewers", pull.reviewers.join(", ") || "none asked"],
        ...Object.entries(checks).map(([name, check]) => [
          `check ${name}`,
          `${check.conclusion}${stale(check.commit)}: ${check.summary}`,
        ]),
        ...reviews.map((review) => [
          `review by ${review.by}`,
          `${review.verdict}${stale(review.commit)}${review.comment === "" ? "" : `: ${review.comment}`}`,
        ]),
      ].map(([name = "", value = ""]) => [dim(name), value]),
      "  ",
    ),
    ...(pull.state === "open" && blockers.length > 0
      ? [yellow("not merged:"), ...blockers.map(({ reason }) => `  ${reason}`)]
      : []),
    "",
    pull.body.trimEnd(),
  ];
}

export function describeDiffStat(
  files: { path: string; status: string; insertions: number; deletions: number }[],
): string[] {
  const rows = files.map(({ path, status, insertions, deletions }) => [
    path,
    status,
    `+${insertions} -${deletions}`,
  ]);
  return rows.length === 0 ? ["Nothing changes."] : table(rows);
}
