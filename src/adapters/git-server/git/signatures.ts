/** Signatures of commits by git's own verification, against the signers that the tenant trusts and no others. */

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf } from "./run-git.ts";

interface Place {
  gitDir: string;
  env: Record<string, string>;
}

/** Of these commits, the ones without a good signature of a trusted signer. */
export async function unsignedOf(
  { gitDir, env }: Place,
  commits: string[],
  trusted: { ssh: string[]; openpgp: string[] },
): Promise<string[]> {
  if (commits.length === 0) return [];
  const home = await mkdtemp(join(tmpdir(), "signers-"));
  try {
    const signers = join(home, "allowed-signers");
    await writeFile(signers, `${trusted.ssh.join("\n")}\n`);
    // The key ring holds trusted keys only, so whoever is in it is trusted.
    await writeFile(join(home, "gpg.conf"), "trust-model always\nno-autostart\nbatch\n");
    if (trusted.openpgp.length > 0) await importKeys(home, trusted.openpgp.join("\n"));
    const lines = await linesOf({
      gitDir,
      args: ["log", "--no-walk=unsorted", "--stdin", "--format=%H %G?"],
      input: `${commits.join("\n")}\n`,
      env: { ...env, GNUPGHOME: home },
      config: [["gpg.ssh.allowedSignersFile", signers]],
    });
    return lines.flatMap((line) => {
      const [commit = "", status] = line.split(" ");
      return status === "G" ? [] : [commit];
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function importKeys(home: string, keys: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("gpg", ["--homedir", home, "--quiet", "--import"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (chunk: Buffer) => {
      words += chunk.toString("utf8");
    });
    child.stdin.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`gpg could not take the trusted keys: ${words.trim()}`)),
    );
    child.stdin.end(keys);
  });
}
