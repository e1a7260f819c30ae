/** Reading a repository without a clone: branches, folders and files. */
import { refuse } from "../../../domain/refusal.ts";
import type { Branch, FileContent, TreeEntry, TreePlace } from "../../../ports/git-server.ts";
import { linesOf, runGit } from "./run-git.ts";

export async function branches(gitDir: string): Promise<Branch[]> {
  const format = "%(refname:lstrip=2)%00%(objectname)%00%(committerdate:iso-strict)%00%(contents:subject)";
  const lines = await linesOf({ gitDir, args: ["for-each-ref", `--format=${format}`, "refs/heads"] });
  return lines.map((line) => {
    const [name = "", commit = "", at = "", subject = ""] = line.split("\0");
    return { name, commit, subject, at: new Date(at).toISOString() };
  });
}

/** The commit of a branch or id; refuses with NotFound. */
export async function resolve(gitDir: string, { repository, ref }: Omit<TreePlace, "path">): Promise<string> {
  const isId = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(ref);
  const name = isId ? ref : `refs/heads/${ref}`;
  const args = ["rev-parse", "--quiet", "--verify", "--end-of-options", `${name}^{commit}`];
  const { exitCode, stdout } = await runGit({ gitDir, args });
  if (exitCode === 0) return stdout.toString("utf8").trim();
  throw refuse(
    "NotFound",
    `${repository} has no branch or commit ${JSON.stringify(ref)}.`,
    "See its branches: git ls-remote --heads <address>",
  );
}

interface Listed extends TreeEntry {
  mode: string;
  object: string;
}

export async function entries(gitDir: string, place: TreePlace): Promise<TreeEntry[] | undefined> {
  const commit = await resolve(gitDir, place);
  const tree = place.path === "" ? commit : `${commit}:${checkPath(place.path)}`;
  const { exitCode, stdout } = await runGit({ gitDir, args: ["ls-tree", "-z", "-l", "--full-tree", tree] });
  if (exitCode !== 0) return undefined;
  const listed = parseListing(stdout).map(({ mode: _mode, object: _object, ...entry }) => entry);
  return listed.sort((a, b) => Number(b.kind === "folder") - Number(a.kind === "folder"));
}

export async function file(
  gitDir: string,
  place: TreePlace & { maxBytes: number },
): Promise<FileContent | undefined> {
  const commit = await resolve(gitDir, place);
  const path = checkPath(place.path);
  const args = ["ls-tree", "-z", "-l", "--full-tree", commit, "--", path];
  const found = (await runGit({ gitDir, args, env: { GIT_LITERAL_PATHSPECS: "1" } })).stdout;
  const [entry] = parseListing(found).filter(({ name }) => name === path);
  if (entry === undefined || (entry.kind !== "file" && entry.kind !== "link")) return undefined;
  const { bytes = 0, mode, object } = entry;
  const about = { path, bytes, executable: mode === "100755" };
  if (bytes > place.maxBytes) return about;
  const { stdout } = await runGit({ gitDir, args: ["cat-file", "blob", object] });
  const text = textOf(stdout);
  return text === undefined ? about : { ...about, text };
}

export async function mergeBase(gitDir: string, base: string, head: string): Promise<string | undefined> {
  const { exitCode, stdout } = await runGit({ gitDir, args: ["merge-base", base, head] });
  return exitCode === 0 ? stdout.toString("utf8").trim() : undefined;
}

const kinds: Record<string, TreeEntry["kind"]> = {
  "040000": "folder",
  "120000": "link",
  "160000": "submodule",
};

/** `<mode> SP <type> SP <object> SP+ <size or -> TAB <name> NUL` */
function parseListing(output: Buffer): Listed[] {
  return output
    .toString("utf8")
    .split("\0")
    .filter((row) => row !== "")
    .map((row) => {
      const tab = row.indexOf("\t");
      const [mode = "", , object = "", size = "-"] = row.slice(0, tab).split(/ +/);
      const kind = kinds[mode] ?? "file";
      const bytes = size === "-" ? {} : { bytes: Number(size) };
      return { name: row.slice(tab + 1), kind, mode, object, ...bytes };
    });
}

function checkPath(path: string): string {
  const parts = path.split("/");
  if (!path.includes("\0") && parts.every((part) => part !== "" && part !== "." && part !== ".."))
    return path;
  throw refuse(
    "InputInvalid",
    `path: ${JSON.stringify(path)} was given; expected a path inside the repository such as src/server.js.`,
  );
}

function textOf(content: Buffer): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
