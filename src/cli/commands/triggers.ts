import type { Command } from "commander";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Sent } from "../../operations/send-event.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";
import { traceOptions } from "./trace-options.ts";

export interface TriggerFlags {
  env?: string;
  reason?: string;
  module?: string;
  set?: string;
  json?: boolean;
  data?: string;
}

/** The manual triggers: each states one event. */
const triggers: { command: string; event: EventName; about: string; inEnvironment?: true }[] = [
  { command: "commit", event: "StudioCommitRequest", about: "commit the module again" },
  { command: "rebuild", event: "RebuildPipelineRequested", about: "generate, build and test again" },
  {
    command: "deploy",
    event: "DeployRequested",
    about: "release to an environment again",
    inEnvironment: true,
  },
  {
    command: "promote",
    event: "RolloutPromoted",
    about: "end the pause of a rollout: its next share of traffic",
    inEnvironment: true,
  },
];

export function addTriggers(program: Command, cli: Cli): void {
  for (const { command, event, about, inEnvironment } of triggers) {
    const added = traceOptions(program.command(`${command} <trace>`).description(about));
    if (inEnvironment)
      added.option("--env <environment>", "environment (default: the only one that takes it)");
    added.action((trace: string, flags: TriggerFlags) => sendTrigger(cli, { trace, event, flags }));
  }
  traceOptions(
    program
      .command("event <trace> <name>")
      .description("state any event that a person may state: a trigger, upstream's news, or evidence"),
  )
    .option("--env <environment>", "environment that it is for")
    .option("--set <json>", "data of the event, as a JSON object; see connectsoft schema show <name>")
    .action((trace: string, name: string, flags: TriggerFlags) =>
      sendTrigger(cli, { trace, event: name as EventName, flags }),
    );
}

/** `studio retry-build`: what `connectsoft rebuild` does, where people look for it who decide on releases. */
export function addRetryBuild(program: Command, cli: Cli): void {
  traceOptions(
    program
      .command("retry-build <trace>")
      .description("generate, build and test again what a trace delivers"),
  ).action((trace: string, flags: TriggerFlags) =>
    sendTrigger(cli, { trace, event: "RebuildPipelineRequested", flags }),
  );
}

/** States one event on the delivery of a trace. */
export async function sendTrigger(
  cli: Cli,
  act: { trace: string; event: EventName; flags: TriggerFlags },
): Promise<void> {
  const { trace, event, flags } = act;
  const client = await connect(cli, flags);
  const target = await findTarget(client, trace, flags.module);
  const sent = await client.send<Sent>("POST", `${pathOf(target)}/events`, {
    name: event,
    ...(flags.env !== undefined && { environment: flags.env }),
    ...(flags.reason !== undefined && { reason: flags.reason }),
    ...(flags.set !== undefined && { data: parseData(flags.set) }),
  });
  if (flags.json === true) {
    cli.out(JSON.stringify(sent));
    return;
  }
  const place = sent.environment === undefined ? "" : ` for ${sent.environment}`;
  cli.out(`${event}${place} is recorded on ${target.traceId}.`);
  cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${target.traceId}`);
}

function parseData(text: string): object {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === "object" && data !== null && !Array.isArray(data)) return data;
  } catch {
    // Said below.
  }
  throw refuse("InputInvalid", "--set: expected a JSON object.", `Such as --set '{"commit": "1a2b3c4"}'`);
}
