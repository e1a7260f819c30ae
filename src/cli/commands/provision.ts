import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { ProvisionedEnvironment } from "../../operations/environments/provision-environment.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { changeLines } from "../describe-environment.ts";
import { traceOptions } from "./trace-options.ts";
import { sendTrigger, type TriggerFlags } from "./triggers.ts";

interface Flags extends TriggerFlags {
  delete?: boolean;
}

export function addProvision(program: Command, cli: Cli): void {
  traceOptions(
    program
      .command("provision [trace]")
      .description(
        "with --env: make what an environment's modules share, and mend what drifted; with a trace: provision ahead again",
      ),
  )
    .option("--env <environment>", "environment; takes an InfraAdmin or a CloudArchitect")
    .option("--delete", "also take away what is declared no more")
    .action(async (trace: string | undefined, flags: Flags) => {
      if (flags.env !== undefined) await provisionEnvironment(cli, flags.env, flags);
      else if (trace !== undefined) await sendTrigger(cli, { trace, event: "ProvisionRequested", flags });
      else
        throw refuse(
          "InputInvalid",
          "Neither an environment nor a trace was named.",
          "Name one: connectsoft provision --env staging",
        );
    });
}

async function provisionEnvironment(cli: Cli, environment: string, flags: Flags): Promise<void> {
  const client = await connect(cli, flags);
  const made = await client.send<ProvisionedEnvironment>(
    "POST",
    `/environments/${encodeURIComponent(environment)}/provision`,
    { deletions: flags.delete === true },
  );
  if (flags.json === true) return cli.out(JSON.stringify(made, null, 2));
  for (const line of changeLines(made.changes)) cli.out(line);
  for (const { moduleId, changes } of made.mended)
    for (const line of changeLines(changes)) cli.out(`${moduleId}: ${line}`);
  const nothing = made.changes.length === 0 && made.mended.length === 0;
  cli.out(nothing ? `${environment} is as it should be.` : `${environment} is provisioned.`);
  for (const trace of made.woken) cli.out(`${cli.colors.bold("next:")} ${trace} waited for it and goes on.`);
}
