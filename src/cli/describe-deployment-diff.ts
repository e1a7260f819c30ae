/** What a deployment would change, against what serves. */
import type { DeploymentDiff, NamedChanges } from "../operations/diff-deployment.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";

const listedFiles = 20;

export function describeDeploymentDiff(cli: Cli, diff: DeploymentDiff): string[] {
  const { bold, dim } = cli.colors;
  const { subject, environment, serving, next } = diff;
  const head = `${bold(subject.moduleId)} in ${bold(environment)}`;
  if (serving !== null && !diff.changes) return [`${head}: nothing would change; ${serving.version} serves.`];
  return [
    head,
    "",
    ...table(
      [
        ["version", serving?.version ?? "nothing serves", "->", next.version],
        ["commit", short(serving?.commit), "->", short(next.commit)],
        [
          "artifact",
          short(serving?.artifact),
          "->",
          next.artifact === null ? "not built yet" : short(next.artifact),
        ],
      ],
      "  ",
    ),
    ...fileLines(cli, diff),
    ...named("configuration", diff.configuration),
    ...named("secrets", diff.secrets),
    "",
    dim(`What decides about it: connectsoft explain ${subject.traceId}`),
  ];
}

function fileLines(cli: Cli, { files, serving }: DeploymentDiff): string[] {
  if (files === null) return ["", cli.colors.dim("  files: the commits to compare are not known yet")];
  if (serving === null) return ["", `  ${files.length} files, all new here`];
  const shown = files.slice(0, listedFiles);
  const rows = shown.map(({ path, status, insertions, deletions }) => [
    path,
    status,
    `+${insertions} -${deletions}`,
  ]);
  const more = files.length - shown.length;
  return ["", ...table(rows, "  "), ...(more > 0 ? [`  and ${more} more files`] : [])];
}

function named(what: string, { added, removed, changed }: NamedChanges): string[] {
  const parts = [
    ...added.map((name) => `+ ${name}`),
    ...removed.map((name) => `- ${name}`),
    ...changed.map((name) => `~ ${name}`),
  ];
  return parts.length === 0 ? [] : [`  ${what}: ${parts.join(", ")}`];
}

function short(id: string | null | undefined): string {
  return id === null || id === undefined ? "-" : id.slice(0, id.startsWith("sha256:") ? 19 : 12);
}
