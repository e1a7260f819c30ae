/** Commands that steer a delivery: try again, end it, release an earlier version again. */
import type { Command } from "commander";
import type { Restart } from "../../operations/retry-delivery.ts";
import type { Sent } from "../../operations/send-event.ts";
import type { TakenOver } from "../../operations/sponsors/take-over.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";
import { traceOptions } from "./trace-options.ts";

interface Flags {
  from?: string;
  env?: string;
  reason?: string;
  module?: string;
  json?: boolean;
  data?: string;
}

export function addSteering(program: Command, cli: Cli): void {
  traceOptions(program.command("retry <trace>").description("start the step that failed last again"))
    .option("--from <state>", "start from this state instead (see connectsoft flow show)")
    .option("--env <environment>", "in this environment's flow")
    .action(async (trace: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const target = await findTarget(client, trace, flags.module);
      const restart = await client.send<Restart>("POST", `${pathOf(target)}/retry`, {
        ...(flags.from !== undefined && { from: flags.from }),
        ...(flags.env !== undefined && { environment: flags.env }),
        ...(flags.reason !== undefined && { reason: flags.reason }),
      });
      if (flags.json === true) cli.out(JSON.stringify(restart));
      else {
        cli.out(`${restart.instance} starts again from ${restart.to}.`);
        cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${target.traceId}`);
      }
    });
  traceOptions(
    program
      .command("take-over <trace>")
      .description("have a delivery run on your authority, where its sponsor left or may not any more"),
  ).action(async (trace: string, flags: Flags) => {
    const client = await connect(cli, flags);
    const target = await findTarget(client, trace, flags.module);
    const { reason = "" } = flags;
    const taken = await client.send<TakenOver>("POST", `${pathOf(target)}/take-over`, { reason });
    if (flags.json === true) return cli.out(JSON.stringify(taken));
    cli.out(`${target.traceId} is ${taken.to}'s from here on, and was ${taken.from}'s.`);
    if (taken.restart !== undefined)
      cli.out(`${taken.restart.instance} starts again from ${taken.restart.to}.`);
  });
  traceOptions(
    program
      .command("cancel <trace>")
      .description(
        "end a delivery; what serves goes on serving, and a rollout that is under way is taken back where policy allows it",
      ),
  ).action(async (trace: string, flags: Flags) => {
    const client = await connect(cli, flags);
    const target = await findTarget(client, trace, flags.module);
    const ended = await client.send<{
      phase: string;
      recorded: boolean;
      takenBack: string[];
      left: string[];
    }>("POST", `${pathOf(target)}/cancel`, {
      ...(flags.reason !== undefined && { reason: flags.reason }),
    });
    if (flags.json === true) cli.out(JSON.stringify(ended));
    else {
      cli.out(`${target.traceId} is ${ended.phase}${ended.recorded ? "" : " already"}.`);
      for (const environment of ended.takenBack)
        cli.out(
          `Its rollout in ${environment} is taken back: what served before has all of the traffic again.`,
        );
      for (const environment of ended.left)
        cli.out(
          `Its rollout in ${environment} goes no further and keeps the traffic that it has: the policy there says rollbackAllowed: false.\n` +
            `${cli.colors.bold("next:")} See what serves, and what to do: connectsoft failure ${target.traceId}`,
        );
    }
  });
  traceOptions(
    program.command("redeploy <version>").description("release a version that was delivered before again"),
  )
    .option("--env <environment>", "environment (default: the only one that takes it)")
    .action(async (version: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const sent = await client.send<Sent>("POST", "/redeployments", {
        version,
        ...(flags.module !== undefined && { moduleId: flags.module }),
        ...(flags.env !== undefined && { environment: flags.env }),
        ...(flags.reason !== undefined && { reason: flags.reason }),
      });
      if (flags.json === true) cli.out(JSON.stringify(sent));
      else {
        cli.out(`${sent.subject.moduleId} ${version} is asked for again in ${sent.environment}.`);
        cli.out(
          `${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${sent.subject.traceId}`,
        );
      }
    });
}
