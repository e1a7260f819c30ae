/** Annotated tags: one name is one commit for ever. */
import { refuse } from "../../../domain/refusal.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { identity } from "./commit-message.ts";
import { readCommit } from "./history.ts";
import { tagRef } from "./names.ts";
import type { Repository } from "./repository.ts";
import { lastWords, runGit } from "./run-git.ts";
import { signingConfig, unsignable } from "./sign.ts";

type TagRequest = Parameters<SourceControl["tag"]>[0];

export async function tag(repository: Repository, request: TagRequest): Promise<void> {
  const ref = tagRef(request.name);
  if (request.message.trim() === "")
    throw refuse("InputInvalid", `message: nothing was given for the tag ${request.name}; expected a text.`);
  const found = await readCommit(repository, request.commit);
  if (found === undefined)
    throw refuse("NotFound", `${repository.name} has no commit ${request.commit} to tag as ${request.name}.`);
  if (await isThere(repository, request.name, found.commit)) return;
  const { signWith } = request;
  const args = ["tag", signWith === undefined ? "--annotate" : "--sign", "--cleanup=verbatim", "-F", "-"];
  const made = await runGit([...signingConfig(signWith), ...args, "--", request.name, found.commit], {
    gitDir: repository.gitDir,
    input: request.message.endsWith("\n") ? request.message : `${request.message}\n`,
    env: identity(request.tagger, request.at),
    accept: [1, 128],
  });
  if (made.exitCode === 0) return;
  if (await isThere(repository, request.name, found.commit)) return;
  if (signWith !== undefined) throw unsignable(signWith, made.stderr);
  throw new Error(`${ref} could not be made in ${repository.name}: ${lastWords(made.stderr)}`);
}

export async function tags(repository: Repository): Promise<{ name: string; commit: string }[]> {
  const format = "--format=%(refname:lstrip=2)%00%(objectname)%00%(*objectname)";
  const { stdout } = await runGit(["for-each-ref", format, "refs/tags"], { gitDir: repository.gitDir });
  const rows = stdout.toString("utf8").split("\n");
  return rows
    .filter((row) => row !== "")
    .map((row) => {
      const [name = "", object = "", peeled = ""] = row.split("\0");
      return { name, commit: peeled === "" ? object : peeled };
    });
}

async function isThere(repository: Repository, name: string, commit: string): Promise<boolean> {
  const there = (await tags(repository)).find((known) => known.name === name);
  if (there === undefined || there.commit === commit) return there !== undefined;
  throw refuse(
    "Conflict",
    `The tag ${name} of ${repository.name} points to ${there.commit} and not to ${commit}.`,
    "Choose another version: a tag that was published never moves.",
  );
}
