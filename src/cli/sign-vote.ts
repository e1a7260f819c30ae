/** Signs a vote on the person's own machine, with `ssh-keygen`: the key never leaves it. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { refuse } from "../domain/refusal.ts";
import { type VoteDecision, voteNamespace, voteStatement } from "../domain/release/vote-statement.ts";
import type { ReleaseDecision } from "../operations/decisions/describe-decision.ts";

export interface LocalSignature {
  at: string;
  value: string;
}

export async function signVote(
  decision: ReleaseDecision,
  vote: { decision: VoteDecision; comment: string; key: string },
): Promise<LocalSignature> {
  const { subject, environment, releaseId, digests, you } = decision;
  const at = new Date().toISOString();
  const statement = voteStatement({
    ...{ subject, environment, releaseId, digests, at },
    decision: vote.decision,
    by: you.person,
    ...(you.onBehalfOf !== undefined && { onBehalfOf: you.onBehalfOf }),
    roles: you.roles,
    method: "CLI",
    comment: vote.comment,
  });
  return { at, value: await sign(statement, vote.key) };
}

async function sign(statement: string, key: string): Promise<string> {
  const child = spawn("ssh-keygen", ["-Y", "sign", "-n", voteNamespace, "-f", key], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | undefined>((resolve) => {
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => resolve(code ?? 1));
  });
  child.stdin.on("error", () => {});
  child.stdin.end(statement);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code === 0) return out;
  throw refuse(
    "InputInvalid",
    code === undefined
      ? "ssh-keygen cannot be started, so nothing was signed."
      : `ssh-keygen did not sign with ${key}: ${err.trim().split("\n").at(-1)}`,
    "Name a private Ed25519 key, or the public one of a key that your agent holds: --key ~/.ssh/id_ed25519",
  );
}
