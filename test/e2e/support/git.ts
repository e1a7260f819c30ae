/** git as a person runs it: with nothing configured but a name, and never asking for anything. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Installation } from "./installation.ts";

const run = promisify(execFile);

/** What it printed; rejects with what it said where it fails. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const named = ["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.com"];
  const { stdout } = await run("git", [...named, ...args], {
    cwd: folder,
    maxBuffer: 64 << 20,
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
    },
  });
  return stdout.trimEnd();
}

/** What git said on standard error, of a command that must fail. */
export async function refusedGit(folder: string, ...args: string[]): Promise<string> {
  try {
    await git(folder, ...args);
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
  throw new Error(`git ${args.join(" ")} was not refused`);
}

/** A clone over HTTP by that token; resolves with its folder. */
export async function clone(
  site: Installation,
  repository: string,
  { token, as = "clone" }: { token: string; as?: string },
): Promise<string> {
  const address = new URL(`/git/local/${repository}.git`, site.server().url);
  address.username = "anyone";
  address.password = token;
  const folder = path.join(site.desk, `${repository}-${as}`);
  await git(site.desk, "clone", "--quiet", address.href, folder);
  return folder;
}
