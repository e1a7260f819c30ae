/** `studio`: what people do about a release that went wrong. */
import { type Command, Option } from "commander";
import { refuse } from "../../domain/refusal.ts";
import { rollbackCodes } from "../../domain/release/rollback-codes.ts";
import { alternatives } from "../../domain/time-text.ts";
import type { HotfixPath } from "../../operations/approve-hotfix.ts";
import type { DelayedRelease } from "../../operations/delay-release.ts";
import type { RegressionReported } from "../../operations/report-regression.ts";
import type { RollbackAsked } from "../../operations/request-rollback.ts";
import type { Revoked } from "../../operations/revoke-release.ts";
import { askWhy } from "../ask-why.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";

interface Flags {
  reason?: string;
  code?: string;
  comment?: string;
  revert?: boolean;
  until?: string;
  for?: string;
  json?: boolean;
  data?: string;
}

interface Act<Answer> {
  verb: string;
  body(flags: Flags): Promise<object>;
  says(answer: Answer): string[];
}

export function addRecovery(program: Command, cli: Cli): void {
  const add = <Answer extends { subject: { traceId: string } }>(command: Command, act: Act<Answer>) =>
    command
      .option("--json", "as JSON")
      .option("--data <folder>", "data directory")
      .action(async (release: string, flags: Flags) => {
        const body = await act.body(flags);
        const client = await connect(cli, flags);
        const where = `/releases/${encodeURIComponent(release)}/${act.verb}`;
        const answer = await client.send<Answer>("POST", where, body);
        if (flags.json === true) {
          cli.out(JSON.stringify(answer));
          return;
        }
        for (const line of act.says(answer)) cli.out(line);
        const { traceId } = answer.subject;
        cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${traceId}`);
      });

  add<RollbackAsked>(
    program
      .command("request-rollback <release>")
      .description("let the release before serve again, also in the middle of a rollout")
      .addOption(new Option("--code <code>", "kind of trouble (default: other)").choices(rollbackCodes))
      .option("--reason <text>", "why, for those who read the record; asked for on a terminal")
      .option("--comment <text>", "more for those who look into it later")
      .option("--revert", "take the change back in git as well, by a pull request"),
    {
      verb: "rollback",
      body: async (flags) => {
        const { code, reason, comment } = await askWhy(cli, flags);
        return { code, reason, comment, ...(flags.revert === true && { revert: true }) };
      },
      says: ({ environment, restores, subject }) => [
        restores === null
          ? `${environment}: the rollout of ${subject.moduleId} is taken back; nothing served before it.`
          : `${environment} goes back to ${subject.moduleId} ${restores.version} (${restores.releaseId}).`,
      ],
    },
  );
  add<HotfixPath>(
    program
      .command("approve-hotfix <release>")
      .description("put a release, or one that was taken back, on the expedited path of its environment")
      .requiredOption("--comment <text>", "why it cannot wait, for those who read the record"),
    { verb: "hotfix", body: async ({ comment }) => ({ comment }), says: hotfixText },
  );
  add<DelayedRelease>(
    program
      .command("delay-release <release>")
      .description("put the next attempt off: it goes on by itself then")
      .option("--until <time>", "ISO 8601, such as 2026-01-31T08:00:00Z")
      .option("--for <duration>", "such as 30m or 2h")
      .requiredOption("--comment <text>", "why, for those who read the record"),
    {
      verb: "delay",
      body: async ({ until, for: span, comment }) => {
        if ((until === undefined) === (span === undefined))
          throw refuse("InputInvalid", "Name a time: one of --until and --for.", "Such as --for 30m");
        return { comment, ...(until !== undefined && { until }), ...(span !== undefined && { for: span }) };
      },
      says: ({ releaseId, environment, until }) => [
        `${releaseId} is not tried in ${environment} before ${until}, and goes on by itself then.`,
      ],
    },
  );
  add<Revoked>(
    program
      .command("revoke-release <release>")
      .description("take the approval of a release back; one that serves is taken back as policy says")
      .requiredOption("--reason <text>", "why, for those who read the record"),
    {
      verb: "revoke",
      body: async ({ reason }) => ({ reason }),
      says: ({ releaseId, environment, serves }) => [
        serves
          ? `${releaseId} is revoked; what was good before it takes ${environment} back, as policy says.`
          : `${releaseId} is revoked: it is not deployed to ${environment}, and nothing goes back to it.`,
      ],
    },
  );
  add<RegressionReported>(
    program
      .command("report-regression <release>")
      .description("say that a release is worse than the one before; it is taken back as policy says")
      .requiredOption("--reason <text>", "what got worse"),
    {
      verb: "regression",
      body: async ({ reason }) => ({ reason }),
      says: ({ releaseId, environment }) => [`The regression of ${releaseId} in ${environment} is recorded.`],
    },
  );
}

function hotfixText({ releaseId, environment, again, asks, expedited }: HotfixPath): string[] {
  const what = again ? `The version of ${releaseId} is proposed again for ${environment}` : releaseId;
  const path = expedited
    ? `${again ? `${what},` : what} goes the hotfix path of ${environment}`
    : `${again ? what : `${what} goes on in ${environment}`}; its policy describes no hotfix path, so what it asks for stays`;
  if (asks === null) return [`${path}: no approval is asked for.`];
  const approvals =
    asks.minApprovers === 0
      ? "no approval"
      : `${asks.minApprovers} approval${asks.minApprovers === 1 ? "" : "s"} by ${alternatives(asks.roles)}`;
  return [`${path}: ${approvals}, and at least ${asks.minDelayBeforeDeploy} before it is deployed.`];
}
