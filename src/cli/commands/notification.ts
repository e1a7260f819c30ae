/** `connectsoft notification`: what targets of tenant.yaml were told, and what did not arrive. */
import type { Command } from "commander";
import type { NotificationList, NotificationRow } from "../../operations/notifications/list-notifications.ts";
import type { RetriedNotifications } from "../../operations/notifications/retry-notifications.ts";
import type { TestAnswer } from "../../operations/notifications/test-target.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";
import { table } from "../table.ts";

interface Flags {
  target?: string;
  limit?: string;
  all?: boolean;
  json?: boolean;
  data?: string;
}

export function addNotifications(program: Command, cli: Cli, end: (code: number) => void): void {
  const notification = program
    .command("notification")
    .description("what is told to people and programs outside");
  listing(notification.command("ls").description("targets, and what they were told, newest first")).action(
    (flags: Flags) => list(cli, flags),
  );
  listing(notification.command("dead").description("what did not arrive and is not tried any more")).action(
    (flags: Flags) => list(cli, flags, "dead"),
  );
  common(notification.command("retry [id...]").description("send again what was given up, by its ids"))
    .option("--all", "everything that was given up")
    .option("--target <target>", "with --all: only of this one")
    .action((ids: string[], flags: Flags) => retry(cli, ids, flags));
  common(
    notification.command("test <target>").description("send a message to a target now, and say how it went"),
  ).action((target: string, flags: Flags) => test(cli, target, { flags, end }));
}

async function list(cli: Cli, { target, limit, ...flags }: Flags, state?: "dead"): Promise<void> {
  const client = await connect(cli, flags);
  const found = await client.get<NotificationList>("/notifications", { target, limit, state });
  if (flags.json === true) {
    cli.out(JSON.stringify(found, null, 2));
    return;
  }
  if (state === undefined) for (const line of describeTargets(found)) cli.out(line);
  for (const line of describeNotifications(found.notifications)) cli.out(line);
  if (state === "dead" && found.notifications.length > 0)
    cli.out(
      `${cli.colors.bold("next:")} When the target is well: connectsoft notification retry <id>..., or --all`,
    );
}

async function retry(cli: Cli, ids: string[], { all, target, ...flags }: Flags): Promise<void> {
  const wanted = { ...(ids.length > 0 && { ids }), ...(all && { all }), ...(target && { target }) };
  const client = await connect(cli, flags);
  const answer = await client.send<RetriedNotifications>("POST", "/notifications/retry", wanted);
  if (flags.json === true) {
    cli.out(JSON.stringify(answer, null, 2));
    return;
  }
  for (const row of answer.retried) cli.out(`${row.name} of ${row.subject} goes to ${row.targetId} again.`);
  for (const id of answer.notFound) cli.out(`${id} was not given up: it is not sent again.`);
  if (answer.retried.length === 0) cli.out("None was given up.");
}

function describeTargets({ targets }: NotificationList): string[] {
  if (targets.length === 0) return ["No targets: tenant.yaml names none under notifications."];
  const rows = targets.map((one) => [
    one.targetId,
    one.channel,
    one.on.join(", "),
    `${one.sent} sent, ${one.waiting} waiting, ${one.dead} dead`,
    one.problem === undefined
      ? ""
      : `${one.problem}${one.resumeAt === undefined ? "" : `; again at ${one.resumeAt}`}`,
  ]);
  return [...table(rows), ""];
}

function describeNotifications(rows: NotificationRow[]): string[] {
  if (rows.length === 0) return ["None."];
  return table(
    rows.map((row) => [
      row.notificationId,
      row.targetId,
      row.name,
      row.subject,
      row.state,
      row.state === "sent"
        ? (row.endedAt ?? "")
        : `${row.attempts} attempts: ${row.problem ?? "none failed yet"}`,
    ]),
  );
}

async function test(
  cli: Cli,
  target: string,
  { flags, end }: { flags: Flags; end: (code: number) => void },
): Promise<void> {
  const path = `/notification-targets/${encodeURIComponent(target)}/test`;
  const answer = await (await connect(cli, flags)).send<TestAnswer>("POST", path, {});
  const { receipt, channel } = answer;
  if (receipt.status === "failed") end(exitCodes.failed);
  if (flags.json === true) cli.out(JSON.stringify(answer, null, 2));
  else if (receipt.status === "sent") cli.out(`${target} (${channel}) took it: ${receipt.answer}`);
  else cli.out(`${target} (${channel}) did not take it: ${receipt.problem}`);
}

function listing(command: Command): Command {
  return common(command)
    .option("--target <target>", "only of this one")
    .option("--limit <number>", "how many at most (default: 100)");
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
