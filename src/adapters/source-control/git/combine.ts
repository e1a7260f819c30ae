/** Three-way merge of trees: git merges commits, so each tree is dressed as one; no branch moves. */
import type { CombineResult, ConflictedFile, SourceControl } from "../../../ports/source-control.ts";
import { draftObjects } from "./object-store.ts";
import { emptyTree, treeObject } from "./objects.ts";
import { ensureRepository, type Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { treeOf } from "./subtree.ts";
import { writeCommit } from "./write-commit.ts";

type CombineRequest = Parameters<SourceControl["combine"]>[0];

export async function combine(root: string, request: CombineRequest): Promise<CombineResult> {
  const repository = await ensureRepository(root, request.repository);
  const base = request.base === undefined ? await emptyTreeIn(repository) : request.base;
  return await combineTrees(repository, {
    base: await treeOf(repository, base),
    ours: await treeOf(repository, request.ours),
    theirs: await treeOf(repository, request.theirs),
  });
}

export async function combineTrees(
  repository: Repository,
  trees: { base: string; ours: string; theirs: string },
): Promise<CombineResult> {
  const { base, ours, theirs } = trees;
  if (base === theirs || ours === theirs) return { status: "combined", tree: ours };
  if (base === ours) return { status: "combined", tree: theirs };
  const start = await dressed(repository, base, []);
  const left = await dressed(repository, ours, [start]);
  const right = await dressed(repository, theirs, [start]);
  const flags = ["--write-tree", "--no-messages", "-z"];
  const { exitCode, stdout } = await runGit(["merge-tree", ...flags, left, right], {
    gitDir: repository.gitDir,
    accept: [1],
  });
  const [tree = "", ...stages] = stdout.toString("utf8").split("\0");
  if (exitCode === 0) return { status: "combined", tree };
  const labels = new Map([
    [left, "ours"],
    [right, "theirs"],
  ]);
  return { status: "conflict", files: await conflicts(repository, { tree, stages, labels }) };
}

interface Stage {
  path: string;
  stage: string;
  object: string;
}

async function conflicts(
  repository: Repository,
  merged: { tree: string; stages: string[]; labels: Map<string, string> },
): Promise<ConflictedFile[]> {
  const stages = merged.stages.filter((line) => line !== "").map(parseStage);
  const paths = [...new Set(stages.map(({ path }) => path))].sort();
  const files: ConflictedFile[] = [];
  for (const path of paths) {
    const ours = stages.find((stage) => stage.path === path && stage.stage === "2");
    const theirs = stages.find((stage) => stage.path === path && stage.stage === "3");
    const text =
      ours !== undefined && theirs !== undefined
        ? await readText(repository, `${merged.tree}:${path}`)
        : await halfGone(repository, ours, theirs);
    files.push({ path, marked: text === undefined ? undefined : relabel(text, merged.labels) });
  }
  return files;
}

/** One side deleted what the other one changed: git marks nothing, so the whole text stands between markers. */
async function halfGone(
  repository: Repository,
  ours: Stage | undefined,
  theirs: Stage | undefined,
): Promise<string | undefined> {
  const mine = ours === undefined ? "" : await readText(repository, ours.object);
  const other = theirs === undefined ? "" : await readText(repository, theirs.object);
  if (mine === undefined || other === undefined) return undefined;
  return `<<<<<<< ours\n${ended(mine)}=======\n${ended(other)}>>>>>>> theirs\n`;
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** The text of a blob, or undefined where it is binary or no blob at all. */
async function readText(repository: Repository, object: string): Promise<string | undefined> {
  const { exitCode, stdout } = await runGit(["cat-file", "blob", object], {
    gitDir: repository.gitDir,
    accept: [128],
  });
  return exitCode !== 0 || stdout.includes(0) ? undefined : stdout.toString("utf8");
}

function relabel(text: string, labels: Map<string, string>): string {
  return text.replace(
    /^(<<<<<<<|>>>>>>>) ([0-9a-f]{40})(?=[:\r\n])/gm,
    (whole, mark: string, commit: string) => {
      const label = labels.get(commit);
      return label === undefined ? whole : `${mark} ${label}`;
    },
  );
}

/** `<mode> SP <object> SP <stage> TAB <path>` */
function parseStage(line: string): Stage {
  const tab = line.indexOf("\t");
  const [, object = "", stage = ""] = line.slice(0, tab).split(" ");
  return { object, stage, path: line.slice(tab + 1) };
}

const nobody = { name: "merge", email: "merge@connectsoft.invalid" };

async function dressed(repository: Repository, tree: string, parents: string[]): Promise<string> {
  const at = "1970-01-01T00:00:00.000Z";
  return await writeCommit(repository, { tree, parents, message: "merge\n", author: nobody, at });
}

/** git knows the empty tree by heart; what is built on it wants it stored. */
export async function emptyTreeIn(repository: Repository): Promise<string> {
  const draft = draftObjects(repository);
  draft.add(treeObject([]));
  await draft.store();
  return emptyTree;
}
