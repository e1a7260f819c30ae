/** What one push wants to move, read from its quarantined objects. */
import type { Push, RefUpdate } from "../../../ports/git-server.ts";
import { linesOf, runGit } from "./run-git.ts";
import { unsignedOf } from "./signatures.ts";

interface Quarantined {
  gitDir: string;
  repository: string;
  by: string;
  /** Shows git the objects that are not in the repository yet. */
  env: Record<string, string>;
}

/** `moves`: lines of `<old> <new> <ref>`, as git gives them to the hook. */
export async function createPush(place: Quarantined, moves: string[]): Promise<Push> {
  const updates = await Promise.all(moves.map((line) => readUpdate(place, line)));
  const arrived = updates.flatMap(({ to }) => (to === undefined ? [] : [to]));
  return {
    repository: place.repository,
    by: place.by,
    updates,
    commits: async () => (arrived.length === 0 ? [] : await reachable(place, arrived, "all")),
    async unsigned({ from, to }, { trusted, isSigned }) {
      if (to === undefined) return [];
      const branches = await linesOf({
        ...place,
        args: ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"],
      });
      const known = branches.filter(isSigned).map((branch) => `refs/heads/${branch}`);
      const before = from === undefined ? known : [...known, from];
      const commits = await reachable(place, [to], before);
      return await unsignedOf(place, commits, trusted);
    },
  };
}

async function readUpdate(place: Quarantined, line: string): Promise<RefUpdate> {
  const [old = "", next = "", ...rest] = line.split(" ");
  const from = objectOf(old);
  const to = objectOf(next);
  return { ref: rest.join(" "), from, to, forced: await losesCommits(place, from, to) };
}

async function losesCommits(
  place: Quarantined,
  from: string | undefined,
  to: string | undefined,
): Promise<boolean> {
  if (from === undefined || to === undefined) return false;
  const { exitCode } = await runGit({ ...place, args: ["merge-base", "--is-ancestor", from, to] });
  return exitCode !== 0;
}

/** Commits that can be reached from one side and not from the other, which may be all that the repository has. */
function reachable(place: Quarantined, from: string[], except: string[] | "all"): Promise<string[]> {
  const excluded = except === "all" ? [] : except.map((name) => `^${name}`);
  const args = ["rev-list", "--stdin", ...(except === "all" ? ["--not", "--all"] : [])];
  return linesOf({ ...place, args, input: [...from, ...excluded, ""].join("\n") });
}

function objectOf(id: string): string | undefined {
  return /^0+$/.test(id) ? undefined : id;
}
