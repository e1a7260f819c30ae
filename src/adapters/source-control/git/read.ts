/** Reading trees: files, names and differences; nothing is written. */
import type { FileDelta } from "../../../ports/source-control.ts";
import { askSession } from "./git-session.ts";
import { checkPath } from "./names.ts";
import { emptyTree } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { treeOf } from "./subtree.ts";

export async function readFiles(
  repository: Repository,
  treeish: string,
  paths: string[],
): Promise<Record<string, string>> {
  const tree = await treeOf(repository, treeish);
  const contents = await Promise.all(paths.map((path) => readFile(repository, `${tree}:${checkPath(path)}`)));
  return Object.fromEntries(
    paths.flatMap((path, index) => {
      const content = contents[index];
      return content === undefined ? [] : [[path, content]];
    }),
  );
}

function readFile({ gitDir }: Repository, name: string): Promise<string | undefined> {
  const command = ["cat-file", "--batch", "--follow-symlinks", "-z"];
  return askSession(gitDir, command, { input: `${name}\0`, parse: parseFile });
}

/** The blobs with these ids, in this order; all of them are there. */
export async function readBlobs({ gitDir }: Repository, objects: string[]): Promise<Buffer[]> {
  if (objects.length === 0) return [];
  const input = objects.map((object) => `${object}\n`).join("");
  const { stdout } = await runGit(["cat-file", "--batch"], { gitDir, input });
  const contents: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    const lineEnd = stdout.indexOf("\n", at);
    const size = Number(stdout.toString("latin1", at, lineEnd).split(" ")[2]);
    contents.push(stdout.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + size + 2;
  }
  return contents;
}

export async function listFiles(repository: Repository, treeish: string): Promise<string[]> {
  const tree = await treeOf(repository, treeish);
  const args = ["ls-tree", "-r", "-z", "--full-tree", "--name-only", tree];
  const { stdout } = await runGit(args, { gitDir: repository.gitDir });
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}

export async function diff(
  repository: Repository,
  base: string | undefined,
  head: string,
): Promise<FileDelta[]> {
  const from = base === undefined ? emptyTree : await treeOf(repository, base);
  const to = await treeOf(repository, head);
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--raw", "--numstat", from, to, "--"];
  const { stdout } = await runGit(args, { gitDir: repository.gitDir });
  return parseDiff(stdout.toString("utf8").split("\0"));
}

/** `<object> SP <type> SP <size> LF <content> LF` for what is there; else a line, for a broken link with its text behind it. */
function parseFile(output: Buffer): { value: string | undefined; length: number } | number {
  const start = output.indexOf("\n") + 1;
  if (start === 0) return output.length + 1;
  const words = output.toString("utf8", 0, start - 1).split(" ");
  if (words.at(-1) === "missing") return { value: undefined, length: start };
  const [, second = "", third] = words;
  // `symlink 12`, `dangling 12`, `loop 12`, `notdir 12`: the size is the second word.
  const end = start + Number(third ?? second);
  if (output.length < end + 1) return end + 1;
  return { value: second === "blob" ? output.toString("utf8", start, end) : undefined, length: end + 1 };
}

const statuses: Record<string, FileDelta["status"]> = { A: "added", D: "deleted" };

/** Raw records (`:modes objects status`, path) come first, then `insertions TAB deletions TAB path`. */
function parseDiff(fields: string[]): FileDelta[] {
  const deltas = new Map<string, FileDelta>();
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? "";
    if (field.startsWith(":")) {
      const path = fields[at + 1] ?? "";
      deltas.set(path, {
        path,
        status: statuses[field.at(-1) ?? ""] ?? "modified",
        insertions: 0,
        deletions: 0,
      });
      at += 1;
      continue;
    }
    const [insertions = "", deletions = "", ...rest] = field.split("\t");
    const delta = deltas.get(rest.join("\t"));
    // A binary file has `-` for both.
    if (delta === undefined || insertions === "-") continue;
    delta.insertions = Number(insertions);
    delta.deletions = Number(deletions);
  }
  return [...deltas.values()];
}
