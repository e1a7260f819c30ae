/** `connectsoft pr`: pull requests, and the trigger that has a delivery open or merge its own again. */
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { PullRequestView, pullRequestDiff } from "../../operations/pull-requests/read-pull-requests.ts";
import type { Cli } from "../cli.ts";
import type { Client } from "../client.ts";
import { connect } from "../connect.ts";
import { describeDiffStat, describePullRequest, listLine } from "../describe-pull-request.ts";
import { table } from "../table.ts";
import { sendTrigger } from "./triggers.ts";

interface Flags {
  repository?: string;
  state?: string;
  comment?: string;
  commit?: string;
  method?: string;
  stat?: boolean;
  module?: string;
  reason?: string;
  data?: string;
  json?: boolean;
}

export function addPullRequests(program: Command, cli: Cli): void {
  const pr = program
    .command("pr [trace]")
    // What stands behind a command below it is that command's.
    .enablePositionalOptions()
    .description("pull requests; with a trace: have its delivery open or merge its own again")
    .option("--module <module>", "module of the trace")
    .option("--reason <text>", "why, for those who read the record")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      "\nA pull request is named as booking-service#1, or 1 where only one repository has it open.",
    )
    .action((trace: string | undefined, flags: Flags, command: Command) => {
      if (trace === undefined) return command.help();
      return sendTrigger(cli, { trace, event: "StudioPRAction", flags });
    });
  common(pr.command("ls").description("open pull requests"))
    .option("--repository <name>", "of this repository only")
    .option("--state <state>", "open, merged, closed or all, of one repository")
    .action((flags: Flags) => list(cli, flags));
  common(
    pr
      .command("show <pull-request>")
      .description("text, checks, reviews, and what keeps it from being merged"),
  ).action((name: string, flags: Flags) => act(cli, name, { flags, describe: describePullRequest }));
  common(pr.command("diff <pull-request>").description("what it changes"))
    .option("--stat", "files and numbers of lines only")
    .action((name: string, flags: Flags) => diff(cli, name, flags));
  common(pr.command("approve <pull-request>").description("approve its head"))
    .option("--comment <text>", "what you looked at")
    .option("--commit <id>", "the head that you looked at; refused where it is another by now")
    .action((name: string, flags: Flags) => review(cli, name, { verdict: "approved", flags }));
  common(pr.command("request-changes <pull-request>").description("hold it until you approve"))
    .requiredOption("--comment <text>", "what shall change")
    .option("--commit <id>", "the head that you looked at")
    .action((name: string, flags: Flags) => review(cli, name, { verdict: "changes-requested", flags }));
  common(
    pr
      .command("merge <pull-request>")
      .description("merge it, where the target branch's protection is content"),
  )
    .option("--method <method>", "merge, squash or rebase; absent: what the protection allows first")
    .action((name: string, flags: Flags) =>
      act(cli, name, { flags, verb: "merge", body: { method: flags.method }, describe: describeMerge }),
    );
  common(pr.command("close <pull-request>").description("close it without merging")).action(
    (name: string, flags: Flags) => act(cli, name, { flags, verb: "close", describe: describeClose }),
  );
}

interface Act {
  flags: Flags;
  /** Absent: only look. */
  verb?: "reviews" | "merge" | "close";
  body?: object;
  describe(cli: Cli, pull: PullRequestView): string[];
}

async function act(cli: Cli, name: string, { flags, verb, body = {}, describe }: Act): Promise<void> {
  const client = await connect(cli, flags);
  const path = await pathOfPullRequest(client, name);
  const pull =
    verb === undefined
      ? await client.get<PullRequestView>(path)
      : await client.send<PullRequestView>("POST", `${path}/${verb}`, body);
  if (flags.json === true) cli.out(JSON.stringify(pull, null, 2));
  else for (const line of describe(cli, pull)) cli.out(line);
}

function review(
  cli: Cli,
  name: string,
  { verdict, flags }: { verdict: "approved" | "changes-requested"; flags: Flags },
): Promise<void> {
  const { comment = "", commit } = flags;
  return act(cli, name, {
    flags,
    verb: "reviews",
    body: { verdict, comment, commit },
    describe: (_cli, pull) => [
      `${nameOf(pull)} is ${verdict === "approved" ? "approved by you" : "held by you"} at ${pull.head?.slice(0, 12)}.`,
      ...nextOf(cli, pull),
    ],
  });
}

async function list(cli: Cli, flags: Flags): Promise<void> {
  const client = await connect(cli, flags);
  const { repository, state } = flags;
  const found = await client.get<PullRequestView[]>("/pull-requests", { repository, state });
  if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
  else if (found.length === 0) cli.out(`No pull request is ${state ?? "open"}.`);
  else for (const line of table(found.map((pull) => listLine(cli, pull)))) cli.out(line);
}

async function diff(cli: Cli, name: string, flags: Flags): Promise<void> {
  // A patch in a file is one that git takes.
  const client = await connect(cli, flags, { asWritten: !cli.interactive });
  const path = await pathOfPullRequest(client, name);
  const found = await client.get<Awaited<ReturnType<typeof pullRequestDiff>>>(`${path}/diff`);
  if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
  else if (flags.stat === true) for (const line of describeDiffStat(found.files)) cli.out(line);
  else {
    cli.out(found.patch.replace(/\n$/, ""));
    if (found.truncated) cli.err("Cut at 1 MiB; clone the repository for all of it.");
  }
}

function describeMerge(_cli: Cli, pull: PullRequestView): string[] {
  return [`${nameOf(pull)} is merged into ${pull.targetBranch} as ${pull.merge?.commit.slice(0, 12)}.`];
}

function describeClose(_cli: Cli, pull: PullRequestView): string[] {
  return [`${nameOf(pull)} is ${pull.state}.`];
}

function nextOf(cli: Cli, pull: PullRequestView): string[] {
  const { bold } = cli.colors;
  if (pull.blockers.length === 0) return [`${bold("next:")} Nothing keeps it from being merged.`];
  return pull.blockers.map(({ reason }) => `  ${reason}`);
}

function nameOf({ repository, number }: PullRequestView): string {
  return `${repository.split("/")[1]}#${number}`;
}

/** `booking-service#1`, the same with a tenant before it or a slash between, or a number alone. */
async function pathOfPullRequest(client: Client, name: string): Promise<string> {
  const [, tenant, repository, digits] = /^(?:(?:([a-z0-9-]+)\/)?([a-z0-9-]+)[#/])?#?(\d+)$/.exec(name) ?? [];
  if (digits === undefined)
    throw refuse(
      "InputInvalid",
      `${JSON.stringify(name)} names no pull request; expected <repository>#<number>.`,
      "See what is open: connectsoft pr ls",
    );
  if (repository !== undefined) {
    const tenantId = tenant ?? (await client.get<{ tenantId: string }>("/tenant")).tenantId;
    return `/pull-requests/${tenantId}/${repository}/${digits}`;
  }
  const open = await client.get<PullRequestView[]>("/pull-requests");
  const found = open.filter(({ number }) => number === Number(digits));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return `/pull-requests/${only.repository}/${digits}`;
  throw refuse(
    only === undefined ? "NotFound" : "InputInvalid",
    only === undefined
      ? `No repository has an open pull request ${digits}.`
      : `${found.map(nameOf).join(" and ")} are both open.`,
    "Name it as <repository>#<number>; see connectsoft pr ls",
  );
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
