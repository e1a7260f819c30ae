import type { Command } from "commander";
import type { Difference } from "../../domain/environment/resource.ts";
import type {
  EnvironmentSummary,
  PlannedRequest,
  ShownEnvironment,
} from "../../operations/environments/describe-environments.ts";
import type { Cli } from "../cli.ts";
import type { Client } from "../client.ts";
import { connect } from "../connect.ts";
import { changeLines, environmentLines, planLines } from "../describe-environment.ts";
import { table } from "../table.ts";

interface Flags {
  data?: string;
  json?: boolean;
}

interface DestroyFlags extends Flags {
  reason: string;
  withSettings?: boolean;
  serving?: boolean;
}

export function addEnvironments(program: Command, cli: Cli): void {
  const env = program.command("env").description("environments: what they are made of, drift, and their end");

  /** A command that asks one thing and prints the answer. */
  function look<Answer>(
    command: Command,
    ask: (client: Client, environment: string) => Promise<Answer>,
    lines: (answer: Answer, environment: string) => string[],
  ): void {
    common(command).action(async (...given: unknown[]) => {
      const environment = typeof given[0] === "string" ? given[0] : "";
      const flags = given[environment === "" ? 0 : 1] as Flags;
      const answer = await ask(await connect(cli, flags), environment);
      if (flags.json === true) cli.out(JSON.stringify(answer, null, 2));
      else for (const line of lines(answer, environment)) cli.out(line);
    });
  }

  look(
    env.command("ls").description("list environments, in the order of the promotion path"),
    (client) => client.get<EnvironmentSummary[]>("/environments"),
    (all) => table(all.map(summaryRow)),
  );
  look(
    env
      .command("show <environment>")
      .description("namespace, quotas and whether they hold, modules, what is missing"),
    (client, environment) => client.get<ShownEnvironment>(at(environment)),
    environmentLines,
  );
  look(
    env
      .command("plan <environment>")
      .description("what provisioning it, and the next delivery of each of its modules, would change"),
    (client, environment) => client.get<PlannedRequest[]>(`${at(environment)}/plan`),
    (planned, environment) => planLines(environment, planned),
  );
  look(
    env.command("drift <environment>").description("how it differs from what was applied"),
    (client, environment) => client.get<Difference[]>(`${at(environment)}/drift`),
    driftLines,
  );
  common(env.command("destroy <environment>"))
    .description("take it away with everything in it; what was cut off is finished by the same command")
    .requiredOption("--reason <text>", "why; it is kept")
    .option("--with-settings", "its configuration and secrets as well, old versions included")
    .option("--serving", "also where something serves")
    .action(async (environment: string, flags: DestroyFlags) => {
      const client = await connect(cli, flags);
      const { reason, withSettings = false, serving = false } = flags;
      const destroyed = await client.send<{ namespace: string; changes: [] }>(
        "POST",
        `${at(environment)}/destroy`,
        { reason, withSettings, serving },
      );
      if (flags.json === true) return cli.out(JSON.stringify(destroyed, null, 2));
      for (const line of changeLines(destroyed.changes)) cli.out(line);
      cli.out(`${environment} (${destroyed.namespace}) is gone.`);
      if (!withSettings) cli.out("Its configuration and secrets are kept for when it is made again.");
    });
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}

function at(environment: string): string {
  return `/environments/${encodeURIComponent(environment)}`;
}

function summaryRow({ environment, namespace, modules, declared, destroying }: EnvironmentSummary): string[] {
  const state = destroying !== undefined ? "being destroyed" : declared ? "" : "not in tenant.yaml any more";
  return [environment, namespace ?? "not provisioned", modules.join(", "), state];
}

function driftLines(differences: Difference[], environment: string): string[] {
  if (differences.length === 0) return [`${environment} is as it was applied.`];
  return [
    ...differences.map(({ words }) => words),
    `next: Mend it: connectsoft provision --env ${environment}`,
  ];
}
