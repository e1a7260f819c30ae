/** Decides all of a commit before it is made: its content, its version, its message. Writes objects, moves no branch. */
import semver from "semver";
import { addSection } from "../../domain/commit/changelog.ts";
import { checkSubject, commitSubject } from "../../domain/commit/conventional-commit.ts";
import { decideVersion, type VersionDecision } from "../../domain/commit/decide-version.ts";
import type { CommitPolicy } from "../../domain/tenant/delivery-policies.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import { taggedVersions } from "../release-tag.ts";
import { commitBody } from "./commit-body.ts";
import type { Joined } from "./join-content.ts";
import { readChanges } from "./read-changes.ts";
import { replaceFiles } from "./replace-files.ts";
import type { StartingPoint } from "./starting-point.ts";

export interface PreparedCommit {
  tree: string;
  subject: string;
  body: string;
  decision: VersionDecision;
  changelog: { status: "written" | "kept" | "off" | "unchanged"; reason?: string };
}

export interface PreparationFacts {
  policy: CommitPolicy;
  point: StartingPoint;
  joined: Extract<Joined, { status: "joined" }>;
}

export async function prepareCommit(
  sourceControl: SourceControl,
  context: AgentContext,
  facts: PreparationFacts,
): Promise<PreparedCommit> {
  const { handOver, invocation } = context;
  const { policy, point, joined } = facts;
  const { repository, reverts } = handOver;
  const { traceId, moduleId } = invocation;
  const before = point.target.content;
  const changed = joined.tree !== before;
  const changes =
    changed && before !== undefined
      ? await readChanges(sourceControl, { repository, before, after: joined.tree })
      : [];
  const decided = decideVersion({
    declared: await declaredVersion(context),
    previous: point.target.recorded?.version ?? (await versionOnBranch(sourceControl, repository, before)),
    changed,
    changes,
    restores: reverts !== undefined,
    taken: await taggedVersions(sourceControl, handOver, moduleId).catch(() => []),
  });
  const decision = { ...decided, version: point.earlier?.trailers.Version ?? decided.version };
  const took = reverts === undefined ? {} : { reverts: reverts.version };
  const section = { decision, changes, date: invocation.invokedAt.slice(0, 10), moduleId, traceId, ...took };
  const lies = joined.tree !== point.start.content;
  // What is adopted is taken as it is.
  const writes = lies && handOver.adopted !== true;
  const { tree, changelog } = writes
    ? await withChangelog(sourceControl, { repository, tree: joined.tree, policy }, section)
    : { tree: joined.tree, changelog: { status: "unchanged" as const } };
  const subject = commitSubject(
    { moduleId, traceId, shared: handOver.folder !== "", decision, ...took },
    policy.maxSubjectLength,
  );
  if (lies) checkSubject(subject, policy);
  const files = lies ? await sourceControl.diff(repository, point.start.content, tree) : [];
  const body = commitBody({ handOver, moduleId, decision, changes, files, joined });
  return { tree, subject, body, decision, changelog };
}

/** As the module was handed over: what the delivery says later is what was decided before. */
async function declaredVersion(context: AgentContext): Promise<string> {
  const ready = (await context.events("ModuleReady")).at(-1);
  const module = ready?.data.module as { version?: unknown } | undefined;
  return typeof module?.version === "string" ? module.version : context.handOver.module.version;
}

/** What lies on a branch that nothing was handed over to yet may still say its version. */
async function versionOnBranch(
  sourceControl: SourceControl,
  repository: string,
  tree: string | undefined,
): Promise<string | undefined> {
  if (tree === undefined) return undefined;
  const { "package.json": text } = await sourceControl.readFiles(repository, tree, ["package.json"]);
  const version = /"version"\s*:\s*"([^"]*)"/.exec(text ?? "")?.[1];
  return semver.valid(version) ?? "0.0.0";
}

async function withChangelog(
  sourceControl: SourceControl,
  place: { repository: string; tree: string; policy: CommitPolicy },
  section: Parameters<typeof addSection>[1],
): Promise<{ tree: string; changelog: PreparedCommit["changelog"] }> {
  const { repository, tree, policy } = place;
  if (!policy.changelog) return { tree, changelog: { status: "off" } };
  const name = "CHANGELOG.md";
  const { [name]: text } = await sourceControl.readFiles(repository, tree, [name]);
  const result = addSection(text, section);
  if (result.status === "kept") return { tree, changelog: { status: "kept", reason: result.reason } };
  const written = await replaceFiles(sourceControl, { repository, tree }, { [name]: result.text });
  return { tree: written, changelog: { status: "written" } };
}
