/** What a hook does, as flags. */
import type { Command } from "commander";
import { named } from "../registration-commands.ts";

export interface HookFlags {
  account?: string;
  url?: string;
  /** False: none. */
  branch?: string[] | false;
  tag?: string[];
  release?: string[];
  folder?: string;
  module?: string;
  env?: string[];
  description?: string;
}

export function withHook(command: Command): Command {
  return command
    .option("--account <account>", "the service account in whose name it acts")
    .option("--url <url>", "hands over the module of this git repository; without it, takes CloudEvents")
    .option("--branch <branch...>", "delivered when they are pushed (default: main)")
    .option("--no-branch", "deliver no branch that is pushed")
    .option("--tag <tag...>", "delivered when they are pushed (default: none)")
    .option("--release <tag...>", "delivered when a release of them is published (default: none)")
    .option("--folder <folder>", "of the repository: the module's")
    .option("--module <module>", "its name (default: the repository's)")
    .option("--env <environment...>", "where it goes (default: the whole promotion path)")
    .option("--description <text>", "what it is for");
}

/** Only what was named. */
export function hookOf({ account, description, ...flags }: HookFlags): Record<string, unknown> {
  const { url, branch, tag: tags, release: releases, folder, module: moduleId, env: environments } = flags;
  const branches = branch === false ? [] : branch;
  const handOver = named({ url, branches, tags, releases, folder, moduleId, environments });
  const isHandOver = Object.keys(handOver).length > 0;
  return named({ account, description, handOver: isHandOver ? handOver : undefined });
}
