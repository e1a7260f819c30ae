/** Whether every commit of a delivery carries a good signature of somebody whom the tenant trusts, by git's own word. */
import { digestOf } from "../domain/canonical-json.ts";
import type { Vouched } from "../domain/release/supply-chain-evidence.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { SignatureCheck, SourceControl } from "../ports/source-control.ts";
import type { Tenants } from "../ports/tenants.ts";
import { isFoundation, signatureTroubles } from "./commit-signatures.ts";

interface Ports {
  sourceControl: Pick<SourceControl, "verify" | "log">;
  tenants: Pick<Tenants, "get">;
}

const mostKnown = 1_000;

/** From where the delivery began up to `commit`; `away` where the repository is not on this host. */
export function createCommitVerifier({ sourceControl, tenants }: Ports) {
  /** Commits do not change: what was verified with the same trust is not verified again. */
  const known = new Map<string, Vouched>();

  return async function verifyCommits(context: AgentContext, commit: string): Promise<Vouched | "away"> {
    const { repository } = context.handOver;
    const { commits: policy } = await tenants.get(context.invocation.tenantId);
    const trusted = { ssh: policy.trustedSshSigners, openpgp: policy.trustedOpenPgpKeys };
    const from = await beginOf(context);
    const key = digestOf({ repository, commit, from: from ?? null, trusted });
    const before = known.get(key);
    if (before !== undefined) return before;
    try {
      const request = { repository, to: commit, trusted, ...(from !== undefined && { from }) };
      const checks = await sourceControl.verify(request);
      const answer = await judged(repository, commit, checks);
      if (known.size >= mostKnown) known.clear();
      known.set(key, answer);
      return answer;
    } catch {
      return "away";
    }
  };

  async function judged(repository: string, commit: string, checks: SignatureCheck[]): Promise<Vouched> {
    if (!checks.some((check) => check.commit === commit))
      return { good: false, why: `${commit.slice(0, 12)} is not in ${repository}` };
    const verified: SignatureCheck[] = [];
    for (const check of checks) {
      if (check.status === "good") verified.push(check);
      else if (!(await isFoundation(sourceControl, repository, check.commit)))
        return { good: false, why: troubleOf(check) };
    }
    const signers = [...new Set(verified.map(({ signer }) => signer ?? "a trusted signer"))];
    return {
      good: true,
      by: `${verified.length} commits up to ${commit.slice(0, 12)}, signed by ${signers.join(", ")}`,
    };
  }
}

function troubleOf({ commit, author, status }: SignatureCheck): string {
  return `${commit.slice(0, 12)} of ${author.name} ${status === "good" ? "" : signatureTroubles[status]}`;
}

/** What the delivery was made upon; undefined where nothing was there before. */
async function beginOf({ memory }: AgentContext): Promise<string | undefined> {
  const text = await memory.read("commits", "CommitMetadata.json");
  if (text === undefined) return undefined;
  const { changed, commit, parents } = JSON.parse(text) as {
    changed?: unknown;
    commit?: unknown;
    parents?: unknown;
  };
  // Without a commit of its own the branch stood there already.
  const [parent] = Array.isArray(parents) ? parents : [];
  const begin = changed === false ? commit : parent;
  return typeof begin === "string" ? begin : undefined;
}
