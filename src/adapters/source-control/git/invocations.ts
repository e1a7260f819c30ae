/**
 * Which commit on a branch's own line was made by an invocation. The line is remembered in memory only, by commit
 * ids, which never change their meaning: after a kill, a rewritten history, or commits of other processes, what is
 * not known yet is read from the tip down until something known.
 */
import { invocationTrailer } from "./commit-message.ts";
import { readObject } from "./object-reader.ts";
import { parseCommit } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

interface Step {
  commit: string;
  parent: string | undefined;
  invocations: string[];
}

interface KnownStep extends Step {
  /** How many commits the line has below it. */
  depth: number;
}

interface Line {
  steps: Map<string, KnownStep>;
  byInvocation: Map<string, KnownStep[]>;
}

const mostRepositories = 64;
/** So many new commits are read one by one; more of them by one `git log`. */
const fewCommits = 32;
const lines = new Map<string, Line>();

/** The newest commit of the invocation on the first-parent line of `tip`; what merges brought in is of other branches. */
export async function commitOf(
  repository: Repository,
  tip: string,
  invocationId: string,
): Promise<string | undefined> {
  const line = lineOf(repository);
  let step = line.steps.get(tip) ?? (await readLine(repository, line, tip));
  const made = new Set(line.byInvocation.get(invocationId));
  const lowest = Math.min(...[...made].map(({ depth }) => depth));
  while (step !== undefined && made.size > 0 && step.depth >= lowest) {
    if (made.has(step)) return step.commit;
    step = step.parent === undefined ? undefined : line.steps.get(step.parent);
  }
  return undefined;
}

/** Remembers a commit that was just made, whether it lands or not: it is looked for from tips only. */
export function remember(repository: Repository, step: Step): void {
  const line = lineOf(repository);
  const below = step.parent === undefined ? undefined : line.steps.get(step.parent);
  if (step.parent === undefined || below !== undefined) note(line, step);
}

function lineOf({ gitDir }: Repository): Line {
  const line = lines.get(gitDir) ?? { steps: new Map(), byInvocation: new Map() };
  lines.delete(gitDir);
  lines.set(gitDir, line);
  for (const oldest of lines.keys()) {
    if (lines.size <= mostRepositories) break;
    lines.delete(oldest);
  }
  return line;
}

function note(line: Line, step: Step): KnownStep {
  const known = line.steps.get(step.commit);
  if (known !== undefined) return known;
  const below = step.parent === undefined ? undefined : line.steps.get(step.parent);
  const noted = { ...step, depth: below === undefined ? 0 : below.depth + 1 };
  line.steps.set(step.commit, noted);
  for (const id of step.invocations) line.byInvocation.set(id, [...(line.byInvocation.get(id) ?? []), noted]);
  return noted;
}

async function readLine(repository: Repository, line: Line, tip: string): Promise<KnownStep | undefined> {
  const fresh: Step[] = [];
  let next: string | undefined = tip;
  while (next !== undefined && !line.steps.has(next)) {
    const more: Step[] =
      fresh.length < fewCommits ? await readOne(repository, next) : await readAll(repository, next);
    if (more.length === 0) break;
    for (const step of more) {
      if (line.steps.has(step.commit)) break;
      fresh.push(step);
    }
    next = fresh.at(-1)?.parent;
    if (more.length > 1) break;
  }
  for (const step of fresh.toReversed()) note(line, step);
  return line.steps.get(tip);
}

async function readOne(repository: Repository, commit: string): Promise<Step[]> {
  const found = await readObject(repository, commit);
  if (found?.type !== "commit") return [];
  const { parents, message } = parseCommit(found.body);
  return [{ commit, parent: parents[0], invocations: invocationsIn(message) }];
}

/** The last paragraph, where all of it is trailers. */
function invocationsIn(message: string): string[] {
  const last =
    message
      .trimEnd()
      .split(/\n{2,}/)
      .slice(1)
      .at(-1)
      ?.split("\n") ?? [];
  if (!last.every((text) => /^[A-Za-z0-9-]+: /.test(text))) return [];
  const key = `${invocationTrailer}: `;
  return last.filter((text) => text.startsWith(key)).map((text) => text.slice(key.length).trim());
}

async function readAll({ gitDir }: Repository, from: string): Promise<Step[]> {
  const trailer = `%(trailers:key=${invocationTrailer},valueonly,separator=%x01)`;
  const args = ["log", "--first-parent", `--format=%H%x00%P%x00${trailer}`, from, "--"];
  const { stdout } = await runGit(args, { gitDir });
  const rows = stdout
    .toString("utf8")
    .split("\n")
    .filter((row) => row !== "");
  return rows.map((row) => {
    const [commit = "", parents = "", ids = ""] = row.split("\0");
    const invocations = ids
      .split("\x01")
      .map((id) => id.trim())
      .filter((id) => id !== "");
    return { commit, parent: parents.split(" ").find((parent) => parent !== ""), invocations };
  });
}
