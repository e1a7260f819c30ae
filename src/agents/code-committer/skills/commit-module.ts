import type { HandOver } from "../../../domain/delivery/hand-over.ts";
import type { Json } from "../../../domain/json.ts";
import type { AgentContext, Skill } from "../../../ports/agent.ts";
import type { Commit, FileDelta, SourceControl } from "../../../ports/source-control.ts";
import { traceTrailers } from "../../trace-trailers.ts";
import { commitSubject } from "../commit-subject.ts";

const author = { name: "ConnectSoft Code Committer", email: "code-committer@connectsoft.invalid" };

/**
 * Commits the tree that was handed over on `trace/<traceId>/<moduleId>`, from the target branch's tip; writes
 * commits/CommitMetadata.json and emits CommitReady. A retry finds its commit by the Invocation-Id trailer;
 * content that is on the branch already makes no commit and says `changed: false`.
 */
export function commitModule({ sourceControl }: { sourceControl: SourceControl }): Skill {
  return async (context) => {
    const { handOver, invocation } = context;
    const { repository, targetBranch, module, source } = handOver;
    const { traceId, moduleId } = invocation;
    const previousVersion = await versionOnTarget(sourceControl, handOver);
    const facts = { moduleId, traceId, version: module.version, previousVersion };
    const trailers = trailersOf(context);
    const commit = await sourceControl.commit({
      repository,
      branch: `trace/${traceId}/${moduleId}`,
      base: targetBranch,
      content: { tree: source.tree },
      subject: commitSubject(facts),
      trailers,
      author,
      at: invocation.invokedAt,
      invocationId: invocation.invocationId,
    });
    const files = commit.changed
      ? await sourceControl.diff(repository, commit.parents[0], commit.commit)
      : [];
    context.memory.write(
      "commits",
      "CommitMetadata.json",
      metadata({ handOver, commit, files, trailers }),
      "module",
    );
    const { branch, tree, subject, changed } = commit;
    const summary = changed
      ? `${commit.commit.slice(0, 12)} on ${branch}, ${files.length} files changed`
      : `${branch} has this content already`;
    context.progress(summary);
    const data = {
      repository,
      branch,
      commit: commit.commit,
      tree,
      subject,
      changed,
      version: module.version,
    };
    return { status: "Success", emits: [{ name: "CommitReady", data }], summary };
  };
}

function trailersOf(context: AgentContext): Record<string, string> {
  const { source } = context.handOver;
  const trailers = traceTrailers(context);
  return source.kind === "git" ? { ...trailers, "Source-Commit": source.commit } : trailers;
}

async function versionOnTarget(
  sourceControl: SourceControl,
  { repository, targetBranch }: HandOver,
): Promise<string | null | undefined> {
  const target = await sourceControl.tip(repository, targetBranch);
  if (target === undefined) return undefined;
  const { "package.json": text } = await sourceControl.readFiles(repository, target.tree, ["package.json"]);
  return text === undefined ? undefined : declaredVersion(text);
}

/** What stands on the target branch may be of anybody; without a readable version it has none. */
function declaredVersion(text: string): string | null {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file !== "object" || file === null || !("version" in file)) return null;
    return typeof file.version === "string" ? file.version : null;
  } catch {
    return null;
  }
}

function metadata(made: {
  handOver: HandOver;
  commit: Commit;
  files: FileDelta[];
  trailers: Record<string, string>;
}): string {
  const { handOver, commit, files, trailers } = made;
  const document: Json = {
    repository: handOver.repository,
    branch: commit.branch,
    targetBranch: handOver.targetBranch,
    commit: commit.commit,
    tree: commit.tree,
    parents: commit.parents,
    changed: commit.changed,
    message: { subject: commit.subject, trailers },
    author,
    version: handOver.module.version,
    files: files.map(({ path, status, insertions, deletions }) => ({ path, status, insertions, deletions })),
    signature: {
      status: "none",
      verifiedBy: null,
      reason: "no signing key is configured on this installation",
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
