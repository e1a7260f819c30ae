/** What a subscription says, as flags. */
import type { Command } from "commander";
import { named } from "../registration-commands.ts";

export interface SpecFlags {
  url?: string;
  format?: string;
  drafts?: boolean;
  event?: string[];
  artifact?: string[];
  state?: string[];
  env?: string[];
  module?: string[];
  allowPrivate?: boolean;
  attempts?: string;
  description?: string;
}

export function withSpec(command: Command): Command {
  return command
    .option("--url <url>", "where it is posted to")
    .option("--format <format>", "of events: structured (default), binary or cdevents")
    .option("--drafts", "with cdevents: approval.* of its draft, too")
    .option("--event <type...>", "types: names, patterns such as Deployment*, or deployed, failed, ...")
    .option("--artifact <pattern...>", "artifacts by their paths, such as **/RolloutPlan.yaml")
    .option("--state <state...>", "states that are reached, such as needs-approval")
    .option("--env <environment...>", "only what is of these")
    .option("--module <module...>", "only what is of these")
    .option("--allow-private", "it may be an address of a private network, where tenant.yaml lets it")
    .option("--attempts <number>", "before it is given up (default: 16)")
    .option("--description <text>", "what it is for");
}

/** Only what was named. */
export function specOf(flags: SpecFlags): Record<string, unknown> {
  const { url, format, drafts, allowPrivate, attempts, description } = flags;
  return named({
    ...{ url, format, allowPrivate, description },
    cdevents: drafts === undefined ? undefined : { drafts },
    events: flags.event,
    artifacts: flags.artifact,
    states: flags.state,
    environments: flags.env,
    modules: flags.module,
    attempts: attempts && Number(attempts),
  });
}
