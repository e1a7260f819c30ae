/** Signatures of commits, by git's own verification against these signers and nobody else's key ring. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import type { SignatureCheck, SourceControl, TrustedSigners } from "../../../ports/source-control.ts";
import { endAgent, importKeys } from "./key-ring.ts";
import { range } from "./log.ts";
import { type Repository, withScratch } from "./repository.ts";
import { lastWords, runGit } from "./run-git.ts";

type VerifyRequest = Parameters<SourceControl["verify"]>[0];

const fields = ["%H", "%an", "%ae", "%G?", "%GS", "%GK"];

/** What git says of a signature; one whose key or itself has expired or was revoked counts for nothing. */
const statuses: Record<string, SignatureCheck["status"]> = {
  G: "good",
  U: "unknown-key",
  E: "unknown-key",
  N: "unsigned",
};

export async function verify(
  root: string,
  repository: Repository,
  request: VerifyRequest,
): Promise<SignatureCheck[]> {
  return await withScratch(root, async (scratch) => {
    const trust = await trustOnly(scratch, request.trusted);
    try {
      const { exitCode, stdout, stderr } = await runGit(
        [...trust.config, "log", "-z", `--format=tformat:${fields.join("%x00")}`, ...range(request), "--"],
        { gitDir: repository.gitDir, env: trust.env, accept: [128] },
      );
      if (exitCode !== 0)
        throw refuse("NotFound", `${repository.name} cannot verify these commits: ${lastWords(stderr)}.`);
      return parseChecks(stdout.toString("utf8").split("\0"));
    } finally {
      await endAgent(trust.keyRing);
    }
  });
}

async function trustOnly(scratch: string, trusted: TrustedSigners) {
  const allowed = join(scratch, "allowed-signers");
  const keyRing = join(scratch, "gnupg");
  await writeFile(allowed, trusted.ssh.map((line) => `${line.trim()}\n`).join(""));
  await mkdir(keyRing);
  await chmod(keyRing, 0o700);
  // The keys that were handed in are the trusted ones; nothing else is in this key ring.
  await writeFile(join(keyRing, "gpg.conf"), "trust-model always\nno-auto-key-retrieve\n");
  if (trusted.openpgp.length > 0) await importKeys(keyRing, trusted.openpgp);
  return {
    keyRing,
    config: ["-c", `gpg.ssh.allowedSignersFile=${allowed}`],
    env: { GNUPGHOME: keyRing },
  };
}

function parseChecks(values: string[]): SignatureCheck[] {
  const checks: SignatureCheck[] = [];
  for (let at = 0; at + fields.length <= values.length; at += fields.length) {
    const [commit = "", name = "", email = "", mark = "", principal = "", key = ""] = values.slice(at);
    const status = statuses[mark] ?? "bad";
    const signer = principal !== "" ? principal : key;
    const check = { commit, author: { name, email }, status };
    checks.push(status === "unsigned" || signer === "" ? check : { ...check, signer });
  }
  return checks;
}
