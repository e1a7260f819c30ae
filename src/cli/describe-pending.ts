/** A release that waits for a decision, with exactly what the decision binds. */
import { spanBetween } from "../domain/time-text.ts";
import type { PendingRelease } from "../operations/list-pending.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";

export function describePending(cli: Cli, pending: PendingRelease): string[] {
  const { bold, dim, yellow } = cli.colors;
  const { releaseId, subject, version, environment, since, roles, minApprovers, granted, digests } = pending;
  const waited = spanBetween(since, new Date().toISOString());
  const given = granted.length === 0 ? "none yet" : granted.join(", ");
  return [
    `${bold(releaseId)}  ${subject.moduleId} ${version} for ${bold(environment)}  ${dim(`waiting for ${waited}`)}`,
    ...table(
      [
        ["trace", subject.traceId],
        ["sponsor", pending.sponsor],
        ["needs", `${minApprovers} of ${roles.join(", ")}; given: ${given}`],
        ["who can", pending.eligible.join(", ") || "nobody yet"],
        ...pending.irreversible.map((sentence) => [yellow("irreversible"), sentence]),
        ...Object.entries(digests).map(([name, value]) => [name, dim(short(value))]),
      ],
      "  ",
    ),
    pending.mayApprove
      ? `  ${bold("next:")} studio approve-release ${releaseId} --comment "..."`
      : `  ${yellow("not you:")} ${pending.why ?? "you may not decide this"}`,
    "",
  ];
}

function short(digest: string): string {
  return digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]+$/, "$1$2…");
}
