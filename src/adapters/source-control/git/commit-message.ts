/** Commit messages whose last paragraph is trailers; `Invocation-Id` is how a repeated call finds its commit. */
import { refuse } from "../../../domain/refusal.ts";
import type { Author } from "../../../ports/source-control.ts";

export const invocationTrailer = "Invocation-Id";

/** On a squashed commit and on a rebased one: the commit whose content it brought in. */
export const sourceTrailer = "Merged-Commit";

export interface MessageParts {
  subject: string;
  body?: string;
  trailers: Record<string, string>;
  invocationId: string;
}

export function commitMessage(parts: MessageParts): string {
  if (!isLine(parts.subject)) throw invalid("subject", parts.subject, "one line of text");
  const trailers = { ...parts.trailers, [invocationTrailer]: parts.invocationId };
  const lines = Object.entries(trailers).map(([key, value]) => trailerLine(key, value));
  const body = parts.body?.trim() ?? "";
  if (body.includes("\0")) throw invalid("body", body, "text");
  return [parts.subject, ...(body === "" ? [] : [body]), lines.join("\n")].join("\n\n").concat("\n");
}

/** The message of a commit that is made again, with more trailers. */
export function withTrailers(
  original: { subject: string; body: string; trailers: Record<string, string> },
  more: Record<string, string>,
): string {
  const trailers = Object.entries({ ...original.trailers, ...more });
  const lines = trailers.map(([key, value]) => trailerLine(key, value)).join("\n");
  return [original.subject, original.body, lines]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** A commit object as `git commit-tree` makes it, byte for byte. */
export function commitBody(commit: {
  tree: string;
  parents: string[];
  author: Author;
  committer: Author;
  at: string;
  authoredAt?: string | undefined;
  message: string;
}): Buffer {
  const { at, authoredAt = at } = commit;
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${person(commit.author)} ${secondsOf(authoredAt)} +0000`,
    `committer ${person(commit.committer)} ${secondsOf(at)} +0000`,
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${commit.message}`, "utf8");
}

/** git takes these off both ends of a name. */
const crud = /^[\s.,:;"\\']+|[\s.,:;"\\']+$/g;

function person({ name, email }: Author): string {
  return `${name.replace(crud, "")} <${email.replace(crud, "")}>`;
}

/** Author and committer in the environment of `git commit-tree`: the same request makes the same commit id. */
export function identity(author: Author, at: string): Record<string, string> {
  const seconds = secondsOf(at);
  if (!/^[^<>\0\n]+$/.test(author.name) || author.name.replace(crud, "") === "")
    throw invalid("author name", author.name, "a name without < > or line ends");
  if (!/^[^<>\0\n\s]+$/.test(author.email)) throw invalid("author email", author.email, "an e-mail address");
  const date = `@${seconds} +0000`;
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
}

function secondsOf(at: string): number {
  const seconds = Math.floor(Date.parse(at) / 1000);
  if (!Number.isFinite(seconds)) throw invalid("at", at, "a date such as 2025-05-23T10:00:00Z");
  return seconds;
}

function trailerLine(key: string, value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(key)) throw invalid("trailer", key, "a name such as Trace-Id");
  if (!isLine(value)) throw invalid(`trailer ${key}`, value, "one line of text");
  return `${key}: ${value}`;
}

function isLine(text: string): boolean {
  return text.trim() !== "" && !/[\n\r\0]/.test(text);
}

function invalid(what: string, given: string, expected: string): Error {
  return refuse("CommitMessageInvalid", `${what}: ${JSON.stringify(given)} was given; expected ${expected}.`);
}
