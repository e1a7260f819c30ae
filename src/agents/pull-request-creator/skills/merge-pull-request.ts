import type { Refusal } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { Blocker, PullRequest } from "../../../ports/forge.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { commitIdentity } from "../../commit-identity.ts";
import { generationTrailers, newestGeneration } from "../../generation-trailers.ts";
import { tagRelease } from "../../release-tag.ts";
import { settingsAt } from "../../settings-at.ts";
import { traceTrailers } from "../../trace-trailers.ts";
import { contentOf, type Head, requireHead, requirePullRequest } from "../delivered-change.ts";
import { findEvidence } from "../find-evidence.ts";
import { conflict, othersMissing, untested, waitsForPerson, waitsForReview } from "../outcomes.ts";
import type { PullRequestCreatorPorts } from "../ports.ts";
import { mergedMetadata, openMetadata } from "../pull-request-metadata.ts";
import { setChecks } from "../set-checks.ts";
import { checkName, isShared, modulesIn } from "../shared-pull-request.ts";
import { writeDescription } from "../write-description.ts";
import { newestCommit } from "./open-pull-request.ts";

const author = {
  name: "ConnectSoft Pull Request Creator",
  email: "pull-request-creator@connectsoft.invalid",
};

/**
 * Sets the checks from the recorded build and test, brings the text up to date with them, and merges where the
 * result has exactly the tested content. Where it would not have it, the branch is brought up to date with its
 * target and PipelineInvalid sends the delivery back to build and test: nothing has moved on the target. Where
 * only people are missing it is Delayed until somebody reviews, or merges where that is theirs (StudioPRAction). A conflict is a BranchPolicy
 * refusal that names the paths. A retry returns the merge that was made.
 */
export function mergePullRequest(ports: PullRequestCreatorPorts): Skill {
  return async (context) => {
    const { sourceControl, forge } = ports;
    const { handOver, invocation } = context;
    const pull = await requirePullRequest(context, forge);
    if (pull.merge !== undefined) return await landed(context, ports, pull);
    const head = await requireHead(sourceControl, pull);
    const content = await contentOf(sourceControl, context, head);
    const evidence = await findEvidence(context, [head.tree, content]);
    if (evidence === undefined)
      return untested(
        pull,
        head,
        `The head ${head.commit} of ${pull.sourceBranch} has not been built and tested.`,
      );
    await setChecks(forge, pull, { head, evidence, moduleId: invocation.moduleId });
    const { subject } = await newestCommit(context);
    const { pull: told, described } = await writeDescription(ports, context, { pull, subject, evidence });
    const facts = { forge: forge.name, head: head.commit, described };
    context.memory.write("pulls", "PullRequestMetadata.json", openMetadata(told, facts), "module");
    const missing = await othersWithoutChecks(context, ports, { pull: told, head });
    if (missing.length > 0) return othersMissing(told, missing, context.now());
    const { merge } = await settingsAt(ports.tenants, "pull-request-creator", context);
    if (merge === "by-person") return waitsForPerson(told);
    const result = await forge.merge({
      repository: pull.repository,
      number: pull.number,
      expectTree: content,
      ...(handOver.folder !== "" && { expectFolder: handOver.folder }),
      subject: `${told.title} (#${pull.number})`,
      trailers: { ...traceTrailers(context), ...(await generationOf(context, ports, { pull, head })) },
      at: invocation.invokedAt,
      invocationId: invocation.invocationId,
    });
    switch (result.status) {
      case "merged":
        return await landed(context, ports, await requirePullRequest(context, forge));
      case "diverged":
        return await bringUpToDate(context, ports, { pull, with: pull.targetBranch });
      case "conflict":
        return conflict(pull, result.paths);
      case "blocked":
        return await blocked(sourceControl, { pull, head, blockers: result.blockers });
    }
  };
}

/** Carried on by the merge, since a squash makes one commit of many. */
async function generationOf(
  { invocation }: AgentContext,
  { sourceControl }: PullRequestCreatorPorts,
  { pull, head }: { pull: PullRequest; head: Head },
): Promise<Record<string, string>> {
  const { moduleId } = invocation;
  const range = { repository: pull.repository, from: pull.targetBranch, to: head.commit, moduleId };
  const tree = await newestGeneration(sourceControl, range);
  return tree === undefined ? {} : generationTrailers(moduleId, tree);
}

/** Modules that share the pull request and have not yet built and tested its head. */
async function othersWithoutChecks(
  context: AgentContext,
  { sourceControl, forge }: PullRequestCreatorPorts,
  { pull, head }: { pull: PullRequest; head: Head },
): Promise<string[]> {
  const modules = await modulesIn(sourceControl, context, pull.sourceBranch);
  const others = modules.filter((one) => one !== context.invocation.moduleId);
  if (others.length === 0) return [];
  const checks = (await forge.get(pull.repository, pull.number))?.checks ?? {};
  return others.filter((one) =>
    (["build", "test"] as const).some(
      (kind) => checks[checkName(kind, pull.sourceBranch, one)]?.commit !== head.commit,
    ),
  );
}

/** Reached by our merge or by a person's on the forge; either way what landed must be what was tested. */
async function landed(
  context: AgentContext,
  ports: PullRequestCreatorPorts,
  pull: PullRequest,
): Promise<AgentOutcome> {
  if (pull.merge === undefined)
    throw new Error(
      `pull request ${pull.number} of ${pull.repository} is merged, but the forge names no merge`,
    );
  const { commit, tree } = pull.merge;
  const content = await contentOf(ports.sourceControl, context, pull.merge);
  const evidence = await findEvidence(context, [tree, content]);
  if (evidence?.tested.name !== "TestsPassed")
    return await bringUpToDate(context, ports, { pull, with: commit });
  // Another module of the trace may have written the text at the same moment, without our last words.
  if (isShared(pull.sourceBranch)) {
    const { subject } = await newestCommit(context);
    await writeDescription(ports, context, { pull, subject, evidence });
  }
  const before = await context.memory.read("pulls", "PullRequestMetadata.json");
  context.memory.write("pulls", "PullRequestMetadata.json", mergedMetadata(pull, before), "module");
  const { commits: policy } = await ports.tenants.get(context.invocation.tenantId);
  const tag = await tagRelease(context, ports.sourceControl, { commit, policy, tagger: author });
  if (tag.status === "taken") context.progress(`not tagged: ${tag.reason}`);
  const { repository, number, url, targetBranch } = pull;
  const tagged = tag.status === "tagged" ? `, tagged ${tag.name}` : "";
  const summary = `#${number} merged into ${targetBranch} as ${commit.slice(0, 12)}${tagged}`;
  context.progress(summary);
  const data = {
    ...{ repository, number, url, targetBranch, commit, tree, tag: { ...tag } },
    // Who pushed of it, and whose addresses its commits carry: they do not approve it.
    authors: pull.authors,
    commitAddresses: await addressesOf(context, ports, pull),
  };
  return { status: "Success", emits: [{ name: "PullRequestMerged", data }], summary };
}

/** Of authors and co-authors of everything that the merge brought, also where it was squashed. */
async function addressesOf(
  context: AgentContext,
  { sourceControl }: PullRequestCreatorPorts,
  { repository, merge, sourceBranch, targetBranch }: PullRequest,
): Promise<string[]> {
  const { source } = context.handOver;
  const said = source.kind === "git" ? (source.addresses ?? []) : [];
  const landed = merge?.commit ?? targetBranch;
  const head = await sourceControl.tip(repository, sourceBranch);
  const [before] = (await sourceControl.log({ repository, to: landed, limit: 1 }))[0]?.parents ?? [];
  const commits = await Promise.all(
    [landed, ...(head === undefined ? [] : [head.commit])].map((to) =>
      sourceControl.log({
        repository,
        to,
        ...(before !== undefined && { from: before }),
        limit: mostCommits,
      }),
    ),
  );
  const found = commits
    .flat()
    .flatMap(({ author, trailers }) => [author.email, ...addressesIn(trailers["Co-authored-by"] ?? "")]);
  return [...new Set([...said, ...found])].sort();
}

const mostCommits = 1_000;

function addressesIn(text: string): string[] {
  return [...text.matchAll(/<([^<>\s]+@[^<>\s]+)>/g)].flatMap(([, address]) => address ?? []);
}

/** Merges into the source branch, so that the next build and test see what a merge into the target would give. */
async function bringUpToDate(
  context: AgentContext,
  { sourceControl, tenants }: PullRequestCreatorPorts,
  change: { pull: PullRequest; with: string },
): Promise<AgentOutcome> {
  const { pull } = change;
  const { invocation, handOver } = context;
  const { commits: policy } = await tenants.get(invocation.tenantId);
  const { signWith } = commitIdentity(author, { policy, sponsor: handOver.sponsor });
  const updated = await sourceControl.merge({
    repository: pull.repository,
    source: change.with,
    target: pull.sourceBranch,
    subject: `chore: bring ${pull.sourceBranch} up to date with ${pull.targetBranch}`,
    trailers: traceTrailers(context),
    author,
    ...(signWith !== undefined && { signWith }),
    at: invocation.invokedAt,
    invocationId: `${invocation.invocationId}-update`,
  });
  if (updated.status === "conflict") return conflict(pull, updated.paths);
  const head = await requireHead(sourceControl, pull);
  context.progress(`${pull.sourceBranch} brought up to date with ${pull.targetBranch}`);
  return untested(pull, head, `${pull.targetBranch} has moved on: a merge would hold what was never tested.`);
}

/** Blocked by a newer head is worth another look, by missing reviews is waiting; by a check is neither. */
async function blocked(
  sourceControl: SourceControl,
  found: { pull: PullRequest; head: Head; blockers: Blocker[] },
): Promise<AgentOutcome> {
  const { pull, head, blockers } = found;
  if (blockers.every(({ about }) => about === "review")) return waitsForReview(pull, blockers);
  const now = await sourceControl.tip(pull.repository, pull.sourceBranch);
  const reasons = blockers.map(({ reason }) => reason).join("; ");
  const message = `#${pull.number} is not merged into ${pull.targetBranch}: ${reasons}.`;
  const next = "Correct what is named and ask for the merge again (StudioPRAction), or rebuild.";
  const refusal: Refusal = { code: "BranchPolicy", message, next };
  return { status: "Failed", emits: [], refusal, retryable: now?.commit !== head.commit };
}
