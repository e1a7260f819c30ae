/** What a person reads on a pull request, and what memory keeps of it. */
import type { JsonObject } from "../../domain/json.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { PullRequest } from "../../ports/forge.ts";
import type { FileDelta } from "../../ports/source-control.ts";

const listedFiles = 20;

/** Conventional subject to changelog section, as Keep a Changelog names them. */
const sections: Record<string, string> = { feat: "Added", fix: "Fixed" };

export function pullRequestBody(context: AgentContext, subject: string, files: FileDelta[]): string {
  const { handOver, invocation } = context;
  const { traceId } = invocation;
  const shown = files
    .slice(0, listedFiles)
    .map((file) => `| ${file.path} | ${file.status} | ${counts(file)} |`);
  const more = files.length - shown.length;
  return [
    `Delivers **${invocation.moduleId} ${handOver.module.version}** to ${handOver.environments.join(", ")}.`,
    "## Changelog",
    changelog(subject),
    "## Changes",
    statLine(files),
    ["| file | change | lines |", "|---|---|---|", ...shown].join("\n"),
    ...(more > 0 ? [`and ${more} more files`] : []),
    "## Trace",
    [
      `- trace: \`${traceId}\` of ${invocation.tenantId}, sponsored by ${handOver.sponsor}`,
      `- what happened: \`connectsoft timeline ${traceId}\``,
      `- why it waits: \`connectsoft explain ${traceId}\``,
    ].join("\n"),
    "",
  ].join("\n\n");
}

/** PullRequestMetadata.json of an open pull request. */
export function openMetadata(
  pull: PullRequest,
  facts: { forge: string; head: string; subject: string; files: FileDelta[] },
): string {
  const { insertions, deletions } = totals(facts.files);
  return render({
    forge: facts.forge,
    ...stateOf(pull),
    head: facts.head,
    changelog: changelog(facts.subject),
    diffStat: { files: facts.files.length, insertions, deletions },
    // No reporter of coverage is connected; a number would be made up.
    coverage: null,
  });
}

/** The same document after the merge: what was known when it was opened stays. */
export function mergedMetadata(pull: PullRequest, before: string | undefined): string {
  const known: JsonObject = before === undefined ? {} : JSON.parse(before);
  return render({ ...known, ...stateOf(pull) });
}

function stateOf(pull: PullRequest): JsonObject {
  return {
    repository: pull.repository,
    number: pull.number,
    url: pull.url,
    title: pull.title,
    state: pull.state,
    sourceBranch: pull.sourceBranch,
    targetBranch: pull.targetBranch,
    checks: Object.fromEntries(Object.entries(pull.checks).map(([name, check]) => [name, { ...check }])),
    ...(pull.merge === undefined ? {} : { merge: { ...pull.merge } }),
  };
}

function render(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function changelog(subject: string): string {
  const [, type = "", text = subject] = /^(\w+)(?:\([^)]*\))?!?: (.*)$/.exec(subject) ?? [];
  const entry = text.charAt(0).toUpperCase() + text.slice(1);
  return `### ${sections[type] ?? "Changed"}\n- ${entry}`;
}

function statLine(files: FileDelta[]): string {
  const { insertions, deletions } = totals(files);
  return `${files.length} ${files.length === 1 ? "file" : "files"} changed, ${insertions} insertions, ${deletions} deletions`;
}

function totals(files: FileDelta[]): { insertions: number; deletions: number } {
  const insertions = files.reduce((sum, file) => sum + file.insertions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { insertions, deletions };
}

function counts({ insertions, deletions }: FileDelta): string {
  return `+${insertions} -${deletions}`;
}
