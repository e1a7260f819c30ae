/** `connectsoft policy propose|confirm|...` and `connectsoft compliance`: changes of policy, by two people. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { Proposed } from "../../operations/policy-changes/change-policy.ts";
import type { Applied } from "../../operations/policy-changes/declared.ts";
import type { ListedProposal, PolicyVersion } from "../../operations/policy-changes/list-policies.ts";
import type { PolicyDiff, ShownPolicy } from "../../operations/policy-changes/look-at-policy.ts";
import type { Cli } from "../cli.ts";
import type { Client } from "../client.ts";
import { connect } from "../connect.ts";
import {
  describeDiff,
  describeOutcome,
  describePolicy,
  describeProposals,
  describeVersions,
} from "../describe-policy.ts";

interface Flags {
  reason?: string;
  comment?: string;
  env?: string;
  module?: string;
  edition?: string;
  trace?: string;
  everything?: boolean;
  json?: boolean;
  data?: string;
}

export function addPolicyChanges(program: Command, cli: Cli): void {
  const policy = program.commands.find((command) => command.name() === "policy") ?? program.command("policy");
  common(
    policy
      .command("propose <file>")
      .description("propose what a policy file changes; a second person confirms it")
      .requiredOption("--reason <text>", "why, for those who confirm it and those who read the record"),
  ).action(async (file: string, flags: Flags) => {
    const { reason } = flags;
    const text = await textOf(cli, file);
    const outcome = await (await connect(cli, flags)).send<Applied | Proposed>("POST", "/policy/proposals", {
      ...{ text, file, reason },
    });
    show(cli, flags, outcome, () => describeOutcome(cli, outcome));
  });
  common(
    policy
      .command("confirm <proposal>")
      .description("confirm what somebody else proposed: it holds from then on")
      .option("--comment <text>", "for those who read the record"),
  ).action(async (proposal: string, flags: Flags) => {
    const { comment = "" } = flags;
    const applied = await (await connect(cli, flags)).send<Applied>("POST", decision(proposal, "confirm"), {
      comment,
    });
    show(cli, flags, applied, () => describeOutcome(cli, applied));
  });
  common(
    policy
      .command("reject <proposal>")
      .description("reject what was proposed, or take your own proposal back")
      .requiredOption("--reason <text>", "why"),
  ).action(async (proposal: string, flags: Flags) => {
    const { reason } = flags;
    const client = await connect(cli, flags);
    const rejected = await client.send<{ proposal: string }>("POST", decision(proposal, "reject"), {
      reason,
    });
    show(cli, flags, rejected, () => [`${proposal} is rejected.`]);
  });
  common(policy.command("list").description("what was proposed, and who may confirm it")).action(
    async (flags: Flags) => {
      const found = await (await connect(cli, flags)).get<ListedProposal[]>("/policy/proposals");
      show(cli, flags, found, () => describeProposals(cli, found));
    },
  );
  common(
    policy
      .command("history")
      .description("every version: who proposed it, who confirmed it, why, what it changed"),
  ).action(async (flags: Flags) => {
    const found = await (await connect(cli, flags)).get<PolicyVersion[]>("/policy/history");
    show(cli, flags, found, () => describeVersions(cli, found));
  });
  common(
    policy
      .command("diff [from] [to]")
      .description("what a policy file, or one version after another, changes (default: the newest version)"),
  ).action(async (from: string | undefined, to: string | undefined, flags: Flags) => {
    const diff = await diffOf(cli, await connect(cli, flags), { from, to });
    show(cli, flags, diff, () => describeDiff(cli, diff));
  });
  common(
    policy
      .command("show")
      .description("the policy that holds in an environment, and where each part of it is declared")
      .requiredOption("--env <environment>", "the environment")
      .option("--module <module>", "of this module")
      .option("--edition <edition>", "of this edition"),
  ).action(async ({ env = "", module, edition, ...flags }: Flags) => {
    const client = await connect(cli, flags);
    const query = { moduleId: module, editionId: edition };
    const shown = await client.get<ShownPolicy>(`/policy/effective/${encodeURIComponent(env)}`, query);
    show(cli, flags, shown, () => describePolicy(cli, shown));
  });
}

export function addCompliance(program: Command, cli: Cli): void {
  const compliance = program.command("compliance").description("compliance mode of what is regulated");
  for (const word of ["on", "off"] as const)
    common(
      compliance
        .command(word)
        .description(
          word === "on"
            ? "put a module, a trace, an environment or the whole tenant into compliance mode"
            : "propose to take it out; a second person confirms it",
        )
        .option("--module <module>", "this module")
        .option("--trace <trace>", "this trace")
        .option("--env <environment>", "this environment")
        .option("--everything", "the whole tenant")
        .requiredOption("--reason <text>", "why"),
    ).action(async ({ module, trace, env, everything, reason, ...flags }: Flags) => {
      const body = {
        on: word === "on",
        reason,
        ...(module !== undefined && { moduleId: module }),
        ...(trace !== undefined && { traceId: trace }),
        ...(env !== undefined && { environment: env }),
        ...(everything === true && { everything }),
      };
      const outcome = await (await connect(cli, flags)).send<Applied | Proposed>("POST", "/compliance", body);
      show(cli, flags, outcome, () => describeOutcome(cli, outcome));
    });
}

/** A number is a version, everything else a file. */
async function diffOf(
  cli: Cli,
  client: Client,
  { from, to }: { from: string | undefined; to: string | undefined },
): Promise<PolicyDiff> {
  const isVersion = (word: string) => /^\d+$/.test(word);
  if (from !== undefined && !isVersion(from)) {
    const text = await textOf(cli, from);
    return client.send<PolicyDiff>("POST", "/policy/diff", { text, file: from });
  }
  if (to !== undefined && !isVersion(to))
    throw refuse("InputInvalid", `${to} is no version.`, "Name two versions: connectsoft policy history");
  return client.send<PolicyDiff>("POST", "/policy/diff", { from, to });
}

function decision(proposal: string, verb: "confirm" | "reject"): string {
  return `/policy/proposals/${encodeURIComponent(proposal)}/${verb}`;
}

function show(cli: Cli, { json }: Flags, answer: object, lines: () => string[]): void {
  if (json === true) cli.out(JSON.stringify(answer, null, 2));
  else for (const line of lines()) cli.out(line);
}

async function textOf(cli: Cli, file: string): Promise<string> {
  return await readFile(path.resolve(cli.cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw refuse("InputInvalid", `${file} cannot be read: ${error.code}.`, "Name a file that is there.");
  });
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
