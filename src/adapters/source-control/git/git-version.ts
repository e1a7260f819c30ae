/** Which git is needed, and why: `merge-tree --write-tree` merges without a work tree since 2.38. */
import { refuse } from "../../../domain/refusal.ts";
import { askGit } from "./run-git.ts";

const needed = [2, 38] as const;

/** Refuses with Unavailable where git is missing or older than 2.38. */
export async function requireGit(): Promise<void> {
  checkGitVersion(await askGit(["--version"]));
}

export function checkGitVersion(answer: string): void {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(answer) ?? [];
  const [neededMajor, neededMinor] = needed;
  if (Number(major) > neededMajor) return;
  if (Number(major) === neededMajor && Number(minor) >= neededMinor) return;
  throw refuse(
    "Unavailable",
    `"${answer}" is too old: merging without a work tree needs git ${needed.join(".")} or newer.`,
    "Install a newer git (https://git-scm.com/downloads), then try again.",
  );
}
