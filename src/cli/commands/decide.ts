/** `studio`: the decisions that people take. Each shows what is decided before it asks. */
import type { Command } from "commander";
import type { VoteDecision } from "../../domain/release/vote-statement.ts";
import type { Decision } from "../../operations/decide-release.ts";
import type { ReleaseDecision } from "../../operations/decisions/describe-decision.ts";
import type { Escalated } from "../../operations/decisions/escalate-release.ts";
import type { Confirmation } from "../../operations/decisions/list-confirmations.ts";
import type { PendingRelease } from "../../operations/list-pending.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeDecision } from "../describe-decision.ts";
import { describeConfirmation, describePending } from "../describe-pending.ts";
import { signVote } from "../sign-vote.ts";

interface Flags {
  comment?: string;
  reason?: string;
  for?: string;
  key?: string;
  yes?: boolean;
  json?: boolean;
  data?: string;
}

interface Vote {
  /** Below the release's address. */
  verb: "approve" | "reject" | "changes";
  decision: VoteDecision;
  question: string;
}

export function addDecisions(program: Command, cli: Cli): void {
  common(
    program
      .command("pending")
      .description("what waits for a decision: yours first, since when, why, and who else must sign"),
  ).action(async (flags: Flags) => {
    const client = await connect(cli, flags);
    const found = await client.get<PendingRelease[]>("/releases/pending");
    if (flags.json === true) return cli.out(JSON.stringify(found, null, 2));
    const confirmations = await client.get<Confirmation[]>("/confirmations");
    for (const one of found) for (const line of describePending(cli, one)) cli.out(line);
    for (const one of confirmations) for (const line of describeConfirmation(cli, one)) cli.out(line);
    if (found.length + confirmations.length === 0) cli.out("Nothing waits for a decision.");
  });
  voting(
    program
      .command("approve-release <release>")
      .description("approve exactly what is shown: the vote binds its digests")
      .option("--comment <text>", "why, for those who read the record"),
  ).action((release: string, flags: Flags) =>
    decide(cli, { release, flags, vote: { verb: "approve", decision: "approved", question: "Approve" } }),
  );
  voting(
    program
      .command("reject-release <release>")
      .description("reject a release")
      .requiredOption("--comment <text>", "why; asked for with a rejection"),
  ).action((release: string, flags: Flags) =>
    decide(cli, { release, flags, vote: { verb: "reject", decision: "refused", question: "Reject" } }),
  );
  voting(
    program
      .command("request-changes <release>")
      .description("end a release with what is to be mended before it is handed over again")
      .requiredOption("--comment <text>", "what is to be mended"),
  ).action((release: string, flags: Flags) =>
    decide(cli, {
      release,
      flags,
      vote: { verb: "changes", decision: "changes-requested", question: "Request changes to" },
    }),
  );
  common(
    program
      .command("comment <release>")
      .description("say something about a release; it is recorded and decides nothing")
      .requiredOption("--comment <text>", "at most 2,000 characters"),
  ).action(async (release: string, flags: Flags) => {
    const client = await connect(cli, flags);
    const answer = await client.send<{ releaseId: string }>("POST", `${addressOf(release)}/comments`, {
      comment: flags.comment,
    });
    cli.out(flags.json === true ? JSON.stringify(answer) : `The comment on ${answer.releaseId} is recorded.`);
  });
  common(
    program
      .command("escalate <release>")
      .description("take a release that nobody decides on to the next role now")
      .requiredOption("--reason <text>", "why it cannot wait")
      .option("--yes", "do not ask"),
  ).action((release: string, flags: Flags) => escalate(cli, release, flags));
}

async function decide(
  cli: Cli,
  { release, vote, flags }: { release: string; vote: Vote; flags: Flags },
): Promise<void> {
  const client = await connect(cli, flags);
  const address = addressOf(release);
  const { comment = "" } = flags;
  const asks = cli.interactive && flags.yes !== true && flags.json !== true;
  // What a person was shown, or signs, is what they decide on, whatever changes meanwhile.
  const shown =
    asks || flags.key !== undefined
      ? await client.get<ReleaseDecision>(`${address}/decision`, { onBehalfOf: flags.for })
      : undefined;
  if (shown !== undefined && asks) {
    for (const line of describeDecision(cli, shown)) cli.out(line);
    if (!(await agreed(`${vote.question} ${release} as it is shown here?`)))
      return cli.out("Nothing was done.");
  }
  const signed =
    shown === undefined || flags.key === undefined
      ? undefined
      : await signVote(shown, { decision: vote.decision, comment, key: flags.key });
  const answer = await client.send<Decision>("POST", `${address}/${vote.verb}`, {
    comment,
    ...(flags.for !== undefined && { onBehalfOf: flags.for }),
    ...(shown !== undefined && { digests: shown.digests }),
    ...(signed !== undefined && { signed }),
  });
  if (flags.json === true) return cli.out(JSON.stringify(answer));
  const again = answer.counted ? "" : " This vote was there already.";
  cli.out(`${answer.note}${again}`);
  cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${answer.subject.traceId}`);
}

async function escalate(cli: Cli, release: string, flags: Flags): Promise<void> {
  const client = await connect(cli, flags);
  if (cli.interactive && flags.yes !== true && flags.json !== true) {
    const shown = await client.get<ReleaseDecision>(`${addressOf(release)}/decision`);
    for (const line of describePending(cli, shown)) cli.out(line);
    if (!(await agreed(`Escalate ${release}?`))) return cli.out("Nothing was done.");
  }
  const body = { reason: flags.reason };
  const answer = await client.send<Escalated>("POST", `${addressOf(release)}/escalation`, body);
  cli.out(
    flags.json === true
      ? JSON.stringify(answer)
      : `${answer.releaseId} is escalated to ${answer.to.join(", ")}.`,
  );
}

async function agreed(message: string): Promise<boolean> {
  const { confirm } = await import("@inquirer/prompts");
  return await confirm({ message, default: false });
}

function addressOf(release: string): string {
  return `/releases/${encodeURIComponent(release)}`;
}

function voting(command: Command): Command {
  return common(
    command
      .option("--for <person>", "in whose name, where several delegated to you")
      .option(
        "--key <file>",
        "sign with your own SSH key (Ed25519), of which tenant.yaml lists the public part",
      )
      .option("--yes", "do not ask"),
  );
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
