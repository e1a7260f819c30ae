/** Signing with a key of this host, by git's own way: SSH keys or GPG. */
import { refuse } from "../../../domain/refusal.ts";
import type { SigningKey } from "../../../ports/source-control.ts";
import { lastWords } from "./run-git.ts";

/** Options before git's subcommand. */
export function signingConfig(key: SigningKey | undefined): string[] {
  if (key === undefined) return [];
  return ["-c", `gpg.format=${key.format}`, "-c", `user.signingKey=${key.key}`];
}

export function unsignable(key: SigningKey, stderr: string): Error {
  return refuse(
    "Unavailable",
    `Nothing could be signed with the ${key.format} key ${key.key}: ${lastWords(stderr)}.`,
    key.format === "ssh"
      ? "See that the file is a private key without a passphrase (or in the ssh agent), readable only by its owner."
      : "See that `gpg --list-secret-keys` shows the key and that its agent needs nobody to type.",
  );
}
