/** A GPG key ring of one call. */
import { spawn } from "node:child_process";
import { refuse } from "../../../domain/refusal.ts";

/** Refuses with InputInvalid what is no public key, and with Unavailable where gpg is not installed. */
export async function importKeys(keyRing: string, armoured: string[]): Promise<void> {
  const args = ["--homedir", keyRing, "--batch", "--quiet", "--no-autostart", "--import"];
  const { exitCode, stderr } = await run("gpg", args, armoured.join("\n"));
  if (exitCode !== 0)
    throw refuse(
      "InputInvalid",
      `A trusted GPG key could not be read: ${stderr.trim().split("\n").at(-1) ?? "no reason given"}. Expected an armoured public key.`,
      "Export it again: gpg --armor --export <key id>.",
    );
}

/** gpg may have started a daemon for this key ring; it would outlive the call. */
export async function endAgent(keyRing: string): Promise<void> {
  await run("gpgconf", ["--homedir", keyRing, "--kill", "all"], "").catch(() => undefined);
}

function run(program: string, args: string[], input: string): Promise<{ exitCode: number; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"] });
    const words: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", () =>
      reject(
        refuse("Unavailable", `${program} could not be started.`, "Install GnuPG, or sign with SSH keys."),
      ),
    );
    child.on("close", (code) => resolve({ exitCode: code ?? 1, stderr: Buffer.concat(words).toString() }));
    child.stdin.end(input);
  });
}
