/** Takes one ref of a remote repository: its newest commit only, as its history is not delivered. */
import { randomUUID } from "node:crypto";
import { refuse } from "../../../domain/refusal.ts";
import { keep } from "./refs.ts";
import { ensureRepository, type Repository } from "./repository.ts";
import { askGit, lastWords, runGit } from "./run-git.ts";
import { requireDeliverable } from "./tree-content.ts";

const fetchTimeoutMs = 10 * 60_000;

export async function importRemote(
  root: string,
  request: { repository: string; url: string; ref?: string },
): Promise<{ commit: string; tree: string }> {
  const { url, ref = "HEAD" } = request;
  const source = withoutCredentials(url);
  if (url === "" || url.startsWith("-")) throw unreachable(source, ref, "this is no address");
  if (!/^[A-Za-z0-9_][A-Za-z0-9._/+-]*$/.test(ref) || ref.includes(".."))
    throw unreachable(source, ref, "this is no name of a branch, tag or commit");
  const repository = await ensureRepository(root, request.repository);
  const commit = await fetchOne(repository, { url, ref, source });
  const tree = await askGit(["rev-parse", "--verify", `${commit}^{tree}`], { gitDir: repository.gitDir });
  await requireDeliverable(repository, tree, source);
  await keep(repository, commit);
  return { commit, tree };
}

async function fetchOne(
  repository: Repository,
  remote: { url: string; ref: string; source: string },
): Promise<string> {
  const { gitDir } = repository;
  // A ref of this call alone: two fetches into one repository never see each other's result.
  const landing = `refs/fetches/${randomUUID()}`;
  const flags = ["--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  const fetched = await runGit(["fetch", ...flags, "--", remote.url, `+${remote.ref}:${landing}`], {
    gitDir,
    accept: [1, 128],
    timeoutMs: fetchTimeoutMs,
  });
  if (fetched.exitCode !== 0)
    throw unreachable(
      remote.source,
      remote.ref,
      lastWords(fetched.stderr.replaceAll(remote.url, remote.source)),
    );
  const commit = await askGit(["rev-parse", "--verify", `${landing}^{commit}`], { gitDir });
  await keep(repository, commit);
  await runGit(["update-ref", "-d", landing], { gitDir });
  return commit;
}

function unreachable(source: string, ref: string, why: string): Error {
  return refuse(
    "ModuleInvalid",
    `${ref} of ${source} could not be fetched: ${why}. Expected a git address and a branch, tag or commit that is there.`,
    "Check the address with `git ls-remote`; the machine's own credentials (ssh agent) are used, nobody is asked.",
  );
}

/** An address that may be shown: a password in it is a secret. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}
