/** What a commit builds upon: the tip of the trace's branch or of the target, and what is recorded of the module there. */
import semver from "semver";
import type { AgentContext } from "../../ports/agent.ts";
import { emptyTree, type LoggedCommit, type SourceControl } from "../../ports/source-control.ts";
import { branchOf } from "../branch-of.ts";

export interface Point {
  /** Undefined where the branch is not there yet. */
  commit: string | undefined;
  /** The tree of the module's folder; undefined where there is nothing of it. */
  content: string | undefined;
  recorded: Recorded | undefined;
}

/** The newest commit of the module that says what was handed over for it. */
export interface Recorded {
  sourceTree: string;
  version: string | undefined;
}

export interface StartingPoint {
  /** What the commit is laid upon. */
  start: Point;
  /** What the version follows: the target branch, whatever the trace's own branch holds already. */
  target: Point;
  /** The commit that an earlier attempt of this invocation made. */
  earlier: LoggedCommit | undefined;
}

export async function findStartingPoint(
  sourceControl: SourceControl,
  context: AgentContext,
): Promise<StartingPoint> {
  const { repository, targetBranch } = context.handOver;
  const branch = await sourceControl.tip(repository, branchOf(context));
  const earlier = branch && (await findEarlier(sourceControl, context, branch.commit));
  if (earlier !== undefined) {
    const start = await pointAt(sourceControl, context, earlier.parents[0]);
    return { start, target: start, earlier };
  }
  const tip = await sourceControl.tip(repository, targetBranch);
  const target = await pointAt(sourceControl, context, tip?.commit);
  const start = branch === undefined ? target : await pointAt(sourceControl, context, branch.commit);
  return { start, target, earlier };
}

async function findEarlier(
  sourceControl: SourceControl,
  { handOver, invocation }: AgentContext,
  to: string,
): Promise<LoggedCommit | undefined> {
  const where = { "Invocation-Id": invocation.invocationId };
  const [made] = await sourceControl.log({ repository: handOver.repository, to, where, limit: 1 });
  return made;
}

async function pointAt(
  sourceControl: SourceControl,
  { handOver, invocation }: AgentContext,
  commit: string | undefined,
): Promise<Point> {
  if (commit === undefined) return { commit, content: undefined, recorded: undefined };
  const { repository, folder } = handOver;
  const content = await sourceControl.subtree(repository, commit, folder);
  if (content === undefined || content === emptyTree)
    return { commit, content: undefined, recorded: undefined };
  const where = { "Module-Id": invocation.moduleId, "Tenant-Id": invocation.tenantId };
  const whereThere = ["Source-Tree"];
  const [newest] = await sourceControl.log({ repository, to: commit, where, whereThere, limit: 1 });
  const sourceTree = newest?.trailers["Source-Tree"];
  if (sourceTree === undefined || !(await isThere(sourceControl, repository, sourceTree)))
    return { commit, content, recorded: undefined };
  return { commit, content, recorded: { sourceTree, version: versionIn(newest) } };
}

function versionIn(commit: LoggedCommit | undefined): string | undefined {
  return semver.valid(commit?.trailers.Version) ?? undefined;
}

/** A trailer is text that anybody can write: it counts only where the tree is there. */
async function isThere(sourceControl: SourceControl, repository: string, tree: string): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/.test(tree)) return false;
  return await sourceControl.subtree(repository, tree, "").then(
    (found) => found !== undefined,
    () => false,
  );
}
