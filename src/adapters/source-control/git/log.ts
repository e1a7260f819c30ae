/** The commits of a range with their trailers, newest first. */
import { StringDecoder } from "node:string_decoder";
import { refuse } from "../../../domain/refusal.ts";
import type { LoggedCommit, SourceControl } from "../../../ports/source-control.ts";
import { revision } from "./names.ts";
import type { Repository } from "./repository.ts";
import { lastWords, runGit } from "./run-git.ts";

type LogRequest = Parameters<SourceControl["log"]>[0];

const fields = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%s", "%b", "%(trailers:only,unfold)"];

export async function log(repository: Repository, request: LogRequest): Promise<LoggedCommit[]> {
  const { where = {}, whereThere = [], limit = Number.POSITIVE_INFINITY } = request;
  const wanted = Object.entries(where);
  const texts = [...wanted.map(([key, value]) => `${key}: ${value}`), ...whereThere.map((key) => `${key}: `)];
  const commits = readCommits(
    ({ trailers }) =>
      wanted.every(([key, value]) => trailers[key] === value) && whereThere.every((key) => key in trailers),
  );
  // A commit that only speaks of a trailer is left out here, so git must not count where it searches.
  const counted = limit < Number.POSITIVE_INFINITY && texts.length === 0 ? [`--max-count=${limit}`] : [];
  const args = ["log", "-z", `--format=tformat:${fields.join("%x00")}`, "--fixed-strings", "--all-match"];
  const { exitCode, stderr } = await runGit(
    [...args, ...texts.map((text) => `--grep=${text}`), ...counted, ...range(request), "--"],
    {
      ...{ gitDir: repository.gitDir, accept: [128] },
      enough: (piece) => commits.read(piece) >= limit,
    },
  );
  if (exitCode !== 0)
    throw refuse("NotFound", `${repository.name} cannot list these commits: ${lastWords(stderr)}.`);
  return commits.found.slice(0, limit);
}

/** Takes git's output piece by piece; `read` tells how many were found so far. */
function readCommits(isWanted: (commit: LoggedCommit) => boolean) {
  const found: LoggedCommit[] = [];
  const decoder = new StringDecoder("utf8");
  let rest: string[] = [""];
  return {
    found,
    read(piece: Buffer): number {
      const [first = "", ...more] = decoder.write(piece).split("\0");
      rest.push((rest.pop() ?? "") + first, ...more);
      // The last one may go on in the next piece.
      let at = 0;
      for (; at + fields.length < rest.length; at += fields.length) {
        const commit = parseCommit(rest.slice(at, at + fields.length));
        if (isWanted(commit)) found.push(commit);
      }
      rest = rest.slice(at);
      return found.length;
    },
  };
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
