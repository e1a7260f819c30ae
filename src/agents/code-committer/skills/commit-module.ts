import type { CommitPolicy } from "../../../domain/tenant/delivery-policies.ts";
import type { AgentContext, Skill } from "../../../ports/agent.ts";
import type {
  Commit,
  CommitOntoResult,
  SignatureCheck,
  SourceControl,
} from "../../../ports/source-control.ts";
import { branchOf } from "../../branch-of.ts";
import { commitIdentity } from "../../commit-identity.ts";
import { settingsAt } from "../../settings-at.ts";
import { traceTrailers } from "../../trace-trailers.ts";
import { moved, untilUnmoved } from "../../until-unmoved.ts";
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
    const { repository } = context.handOver;
    const policy = await settingsAt(tenants, "code-committer", context);
    const made = await untilUnmoved(branchOf(context), () => lookAndCommit(context, policy));
    if ("status" in made) return made;
    const { commit, prepared, identity } = made;
    const files = commit.changed
      ? await sourceControl.diff(repository, commit.parents[0], commit.commit)
      : [];
    const signature =
      commit.changed && identity.signWith !== undefined
        ? await verifyOwn(sourceControl, { repository, commit, trusted: trustedSigners(policy) })
        : undefined;
    const facts = { handOver: context.handOver, ...made, files, signature };
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

  /** The commit and what it was made of, or why there is none. */
  async function lookAndCommit(context: AgentContext, policy: CommitPolicy) {
    const { handOver, invocation } = context;
    const { repository, folder } = handOver;
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
    const commit =
      earlierCommit(context, point) ??
      (await sourceControl.commitOnto({
        repository,
        branch: branchOf(context),
        base: baseOf(context, point),
        content: { tree: prepared.tree, ...(folder !== "" && { folder }) },
        subject: prepared.subject,
        body: prepared.body,
        trailers,
        ...identity,
        at: invocation.invokedAt,
        invocationId: invocation.invocationId,
        onto: { commit: point.start.commit, folder },
      }));
    if (commit.status === "moved") return moved;
    return { commit: commit.commit, prepared, joined, identity, trailers, builtUpon };
  }
}

/** Wherever it lies by now: what others built upon it stays. */
function earlierCommit(context: AgentContext, { earlier }: StartingPoint): CommitOntoResult | undefined {
  if (earlier === undefined) return undefined;
  const { commit, tree, parents, subject } = earlier;
  const found = { commit, tree, parents, subject, branch: branchOf(context), changed: true };
  return { status: "committed", commit: found };
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
