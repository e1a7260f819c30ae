/** A release that waits for a decision, with exactly what the decision binds. */
import type { Digests } from "../domain/event/event-catalogue.ts";
import { boundWords } from "../domain/release/bound-details.ts";
import { spanBetween } from "../domain/time-text.ts";
import type { Confirmation } from "../operations/decisions/list-confirmations.ts";
import type { PendingRelease } from "../operations/list-pending.ts";
import type { Cli } from "./cli.ts";
import { plainLine } from "./plain-text.ts";
import { table } from "./table.ts";

export function describePending(cli: Cli, pending: PendingRelease): string[] {
  const { onBehalfOf } = pending.you;
  const named = onBehalfOf === undefined ? "" : ` --for ${onBehalfOf}`;
  return [...describeRelease(cli, pending), nextLine(cli, pending, named), ""];
}

/** Without what the reader can do about it. */
export function describeRelease(cli: Cli, pending: PendingRelease): string[] {
  const { bold, dim, yellow } = cli.colors;
  const { releaseId, subject, version, environment, since, digests } = pending;
  const now = new Date().toISOString();
  return [
    `${bold(releaseId)}  ${subject.moduleId} ${version} for ${bold(environment)}  ${dim(`waiting for ${spanBetween(since, now)}`)}`,
    ...table(
      [
        ["trace", subject.traceId],
        ["sponsor", sponsorText(pending)],
        ["needs", `${pending.asks}; ${stillMissing(pending)}`],
        ...pending.votes.map((vote): [string, string] => [
          vote.counts ? "approved" : "not counted",
          voteText(vote, now),
        ]),
        ["who can", pending.eligible.join(", ") || "nobody yet"],
        ...pending.escalations.map(({ at, to, by, reason }) => [
          yellow("escalated"),
          `to ${to.join(", ")} ${spanBetween(at, now)} ago${by === undefined ? "" : ` by ${by}`}${reason === undefined ? "" : `: ${plainLine(reason)}`}`,
        ]),
        ...pending.comments.map(({ at, by, comment }) => [
          "comment",
          `${by}, ${spanBetween(at, now)} ago: ${plainLine(comment)}`,
        ]),
        ...pending.irreversible.map((sentence) => [yellow("irreversible"), sentence]),
        ...digestRows(digests).map(([name, value]) => [name, dim(value)]),
      ],
      "  ",
    ),
  ];
}

/** What one person asked for and a second one has to say as well, and what a SecurityReviewer is asked. */
export function describeConfirmation(cli: Cli, confirmation: Confirmation): string[] {
  const { bold, yellow } = cli.colors;
  const { at, by, command, kind, mayConfirm, reason, what, yours } = confirmation;
  const since = spanBetween(at, new Date().toISOString());
  const asked =
    kind === "cve-override"
      ? `${bold(plainLine(what))}  ${cli.colors.dim(`for ${since}`)}`
      : `${bold(by)} asked ${since} ago, and a second person confirms: ${plainLine(what)}`;
  const others = mayConfirm.join(" or ") || "somebody with the role for it";
  return [
    asked,
    ...(reason.trim() === "" ? [] : [`  ${plainLine(reason)}`]),
    yours ? `  ${bold("next:")} ${command}` : `  ${yellow("not you:")} it waits for ${others}`,
    "",
  ];
}

/** What a decision binds, each by its name for people. */
export function digestRows(digests: Digests): [string, string][] {
  const names = Object.keys(digests) as (keyof Digests)[];
  return names.map((name) => [boundWords[name], short(digests[name] ?? "none")]);
}

function stillMissing({ granted, missing, open }: PendingRelease): string {
  if (missing === 0) return "nothing is missing";
  return granted.length === 0 ? "none so far" : `missing: ${open}`;
}

function nextLine({ colors: { bold, yellow } }: Cli, pending: PendingRelease, named: string): string {
  if (pending.voted) return `  ${bold("you approved it;")} it waits for ${pending.open}`;
  return pending.mayApprove
    ? `  ${bold("next:")} studio approve-release ${pending.releaseId}${named} --comment "..."`
    : `  ${yellow("not you:")} ${pending.why ?? "you may not decide this"}`;
}

function sponsorText({ sponsor, authors }: PendingRelease): string {
  const others = authors.filter((author) => author !== sponsor);
  return others.length === 0 ? sponsor : `${sponsor}; written by ${others.join(", ")}`;
}

function voteText(vote: PendingRelease["votes"][number], now: string): string {
  const { by, role, at, note, comment, signature, counts, expiresAt } = vote;
  const as = role === undefined ? "" : ` as ${role}`;
  const until = expiresAt === undefined || !counts ? "" : `, holds for ${spanBetween(now, expiresAt)}`;
  const words = comment === "" ? "" : `: ${plainLine(comment)}`;
  return `${by}${as}, ${spanBetween(at, now)} ago${words} (${plainLine(note).replace(/\.$/, "")}; ${signature}${until})`;
}

function short(digest: string): string {
  return digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]+$/, "$1$2…");
}
