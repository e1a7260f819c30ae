/** The commits of a range with their trailers, newest first. */
import { refuse } from "../../../domain/refusal.ts";
import type { LoggedCommit, SourceControl } from "../../../ports/source-control.ts";
import { revision } from "./names.ts";
import type { Repository } from "./repository.ts";
import { lastWords, runGit } from "./run-git.ts";

type LogRequest = Parameters<SourceControl["log"]>[0];

const fields = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%s", "%b", "%(trailers:only,unfold)"];

export async function log(repository: Repository, request: LogRequest): Promise<LoggedCommit[]> {
  const { where = {}, limit } = request;
  const wanted = Object.entries(where);
  const greps = wanted.map(([key, value]) => `--grep=${key}: ${value}`);
  // A commit that only speaks of a trailer is left out afterwards, so git must not count.
  const most = limit === undefined || wanted.length > 0 ? [] : [`--max-count=${limit}`];
  const { exitCode, stdout, stderr } = await runGit(
    [
      ...["log", "-z", `--format=tformat:${fields.join("%x00")}`, "--fixed-strings", "--all-match", "-i"],
      ...[...greps, ...most, ...range(request), "--"],
    ],
    { gitDir: repository.gitDir, accept: [128] },
  );
  if (exitCode !== 0)
    throw refuse("NotFound", `${repository.name} cannot list these commits: ${lastWords(stderr)}.`);
  const rows = stdout.toString("utf8").split("\0");
  const commits: LoggedCommit[] = [];
  for (let at = 0; at + fields.length <= rows.length; at += fields.length)
    commits.push(parseCommit(rows.slice(at, at + fields.length)));
  return commits
    .filter(({ trailers }) => wanted.every(([key, value]) => trailers[key] === value))
    .slice(0, limit);
}

export function range({ from, to }: { from?: string; to: string }): string[] {
  return from === undefined ? [revision(to)] : [revision(to), `^${revision(from)}`];
}

function parseCommit(row: string[]): LoggedCommit {
  const [commit = "", tree = "", parents = "", name = "", email = "", at = "", subject = "", ...rest] = row;
  const [text = "", block = ""] = rest;
  const trailers = block.split("\n").filter((line) => line.includes(": "));
  return {
    commit,
    tree,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    author: { name, email },
    at: new Date(at).toISOString(),
    subject,
    body: trailers.length === 0 ? text.trim() : withoutLastParagraph(text),
    trailers: Object.fromEntries(trailers.map(parseTrailer)),
  };
}

function parseTrailer(line: string): [string, string] {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon), line.slice(colon + 2)];
}

function withoutLastParagraph(text: string): string {
  return text.trim().split("\n\n").slice(0, -1).join("\n\n").trim();
}
