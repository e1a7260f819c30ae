/** commits/CommitMetadata.json: what was committed, how it came to be, and who vouches for it. */
import type { HandOver } from "../../domain/delivery/hand-over.ts";
import type { Commit, CommitRequest, FileDelta, SignatureCheck } from "../../ports/source-control.ts";
import type { Joined } from "./join-content.ts";
import type { PreparedCommit } from "./prepare-commit.ts";
import type { BuiltUpon } from "./require-signatures.ts";

/** More files than this are counted and not named. */
const namedFiles = 2_000;

export interface MetadataFacts {
  handOver: HandOver;
  commit: Commit;
  prepared: PreparedCommit;
  joined: Extract<Joined, { status: "joined" }>;
  identity: Pick<CommitRequest, "author" | "committer" | "signWith">;
  trailers: Record<string, string>;
  files: FileDelta[];
  signature: SignatureCheck | undefined;
  builtUpon: BuiltUpon;
}

export function commitMetadata(facts: MetadataFacts): string {
  const { handOver, commit, prepared, joined, identity, trailers, files } = facts;
  const { decision, changelog } = prepared;
  const document = {
    repository: handOver.repository,
    folder: handOver.folder,
    branch: commit.branch,
    targetBranch: handOver.targetBranch,
    commit: commit.commit,
    tree: commit.tree,
    parents: commit.parents,
    changed: commit.changed,
    message: { subject: commit.subject, body: commit.changed ? prepared.body : null, trailers },
    author: identity.author,
    committer: identity.committer ?? identity.author,
    version: decision.version,
    versionDecision: decision,
    source: handOver.source,
    content: { how: joined.how, resolved: joined.resolved },
    changelog,
    reverts: handOver.reverts ?? null,
    filesChanged: files.length,
    files: files
      .slice(0, namedFiles)
      .map(({ path, status, insertions, deletions }) => ({ path, status, insertions, deletions })),
    signature: signatureOf(facts),
    builtUpon: facts.builtUpon,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function signatureOf({ commit, identity, signature }: MetadataFacts) {
  if (!commit.changed) return { status: "none", verifiedBy: null, reason: "no commit was made" };
  if (identity.signWith === undefined)
    return {
      status: "none",
      verifiedBy: null,
      reason: "no signing key is configured: commits.sign in tenant.yaml",
    };
  const { format } = identity.signWith;
  if (signature?.status === "good")
    return {
      status: "signed",
      format,
      key: signature.signer ?? null,
      verifiedBy: "git, by the tenant's trusted signers",
    };
  const reason = "its key is not among the tenant's trusted signers, so nobody has verified it";
  return { status: "signed", format, key: signature?.signer ?? null, verifiedBy: null, reason };
}
