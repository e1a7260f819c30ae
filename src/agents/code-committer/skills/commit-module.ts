import type { AgentContext, Skill } from "../../../ports/agent.ts";
import type { Commit, SignatureCheck, SourceControl } from "../../../ports/source-control.ts";
import { branchOf } from "../../branch-of.ts";
import { commitIdentity } from "../../commit-identity.ts";
import { traceTrailers } from "../../trace-trailers.ts";
import { commitMetadata } from "../commit-metadata.ts";
import { findSecrets } from "../find-secrets.ts";
import { joinContent } from "../join-content.ts";
import { conflict, secretsFound } from "../outcomes.ts";
import type { CodeCommitterPorts } from "../ports.ts";
import { type PreparedCommit, prepareCommit } from "../prepare-commit.ts";
import { createSignatureCheck, trustedSigners } from "../require-signatures.ts";
import { findStartingPoint, type StartingPoint } from "../starting-point.ts";

const agent = { name: "ConnectSoft Code Committer", email: "code-committer@connectsoft.invalid" };

/**
 * Commits what was handed over on `trace/<traceId>/<moduleId>`, three-way merged with what is there; writes
 * commits/CommitMetadata.json and emits CommitReady with the version that was decided. Refuses with BranchPolicy
 * where both sides changed the same lines, ScanFailed where a secret would be committed, UnsignedCommit and
 * CommitMessageInvalid by the tenant's policy; nothing is committed then. A retry finds its commit by the
 * Invocation-Id trailer; content that is on the branch already makes no commit and says `changed: false`.
 */
export function commitModule(ports: CodeCommitterPorts): Skill {
  const { sourceControl, tenants } = ports;
  const requireSignatures = createSignatureCheck(sourceControl);
  return async (context) => {
    const { handOver, invocation } = context;
    const { repository } = handOver;
    const { commits: policy } = await tenants.get(invocation.tenantId);
    const point = await findStartingPoint(sourceControl, context);
    const builtUpon = await requireSignatures(repository, point.start.commit, policy);
    const joined = await joinContent(sourceControl, handOver, point.start);
    if (joined.status === "conflict") return conflict(context, { ...joined, point });
    const secrets = await findSecrets(ports, {
      repository,
      before: point.start.content,
      after: joined.tree,
      ignores: policy.secretScanIgnores,
    });
    if (secrets.length > 0) return secretsFound(context, secrets);
    const prepared = await prepareCommit(sourceControl, context, { policy, point, joined });
    const identity = commitIdentity(agent, { policy, sponsor: handOver.sponsor });
    const trailers = trailersOf(context, prepared);
    const commit = await sourceControl.commit({
      repository,
      branch: branchOf(context),
      base: baseOf(context, point),
      content: { tree: prepared.tree, ...(handOver.folder !== "" && { folder: handOver.folder }) },
      subject: prepared.subject,
      body: prepared.body,
      trailers,
      ...identity,
      at: invocation.invokedAt,
      invocationId: invocation.invocationId,
    });
    const files = commit.changed
      ? await sourceControl.diff(repository, commit.parents[0], commit.commit)
      : [];
    const signature =
      commit.changed && identity.signWith !== undefined
        ? await verifyOwn(sourceControl, { repository, commit, trusted: trustedSigners(policy) })
        : undefined;
    const facts = { handOver, commit, prepared, joined, identity, trailers, files, signature, builtUpon };
    context.memory.write("commits", "CommitMetadata.json", commitMetadata(facts), "module");
    const { decision, changelog } = prepared;
    if (changelog.status === "kept") context.progress(`CHANGELOG.md stays as it is: ${changelog.reason}`);
    const summary = summaryOf(commit, files.length, prepared);
    context.progress(summary);
    const { branch, tree, subject, changed } = commit;
    const data = {
      repository,
      branch,
      commit: commit.commit,
      tree,
      subject,
      changed,
      version: decision.version,
    };
    return { status: "Success", emits: [{ name: "CommitReady", data }], summary };
  };
}

/**
 * A new branch starts at exactly the commit that the content was merged with: what lands on the target meanwhile
 * is met by the merge and not overwritten here.
 */
function baseOf({ handOver }: AgentContext, { start }: StartingPoint): string {
  return start.commit ?? handOver.targetBranch;
}

function trailersOf(context: AgentContext, { decision }: PreparedCommit): Record<string, string> {
  const { reverts } = context.handOver;
  return {
    ...traceTrailers(context),
    Version: decision.version,
    ...(reverts !== undefined && { Refs: reverts.commit }),
  };
}

async function verifyOwn(
  sourceControl: SourceControl,
  made: { repository: string; commit: Commit; trusted: Parameters<SourceControl["verify"]>[0]["trusted"] },
): Promise<SignatureCheck | undefined> {
  const { repository, commit, trusted } = made;
  const [from] = commit.parents;
  const range = { repository, to: commit.commit, trusted, ...(from !== undefined && { from }) };
  return (await sourceControl.verify(range)).find((check) => check.commit === commit.commit);
}

function summaryOf(commit: Commit, files: number, { decision }: PreparedCommit): string {
  if (!commit.changed) return `${decision.version}: ${commit.branch} has this content already`;
  const count = `${files} ${files === 1 ? "file" : "files"} changed`;
  return `${decision.version}: ${commit.commit.slice(0, 12)} on ${commit.branch}, ${count}`;
}
