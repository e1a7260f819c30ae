/** `connectsoft agent list|show`: who works here, and how each is configured where. */
import type { Command } from "commander";
import type { ShownAgent } from "../../operations/agents/show-agents.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { table } from "../table.ts";

interface Flags {
  env?: string;
  module?: string;
  edition?: string;
  json?: boolean;
  data?: string;
}

export function addAgent(program: Command, cli: Cli): void {
  const agent = program
    .command("agent")
    .description("the agents, and how the tenant's policy configures each");
  common(agent.command("list").description("every agent, with what it promises")).action(
    async (flags: Flags) => {
      const agents = await (await connect(cli, flags)).get<ShownAgent[]>("/agents", placeOf(flags));
      if (flags.json === true) return cli.out(JSON.stringify(agents, null, 2));
      for (const line of table(agents.map(({ agentId, promise }) => [agentId, promise]))) cli.out(line);
    },
  );
  common(
    agent
      .command("show <agent>")
      .description("what one agent may do and how it is configured in a place, and who says so"),
  ).action(async (name: string, flags: Flags) => {
    const client = await connect(cli, flags);
    const shown = await client.get<ShownAgent>(`/agents/${encodeURIComponent(name)}`, placeOf(flags));
    if (flags.json === true) return cli.out(JSON.stringify(shown, null, 2));
    for (const line of describeAgent(cli, shown)) cli.out(line);
  });
}

function describeAgent(
  cli: Cli,
  { agentId, promise, skills, reads, writes, emits, settings }: ShownAgent,
): string[] {
  const { withheld, values, sources } = settings;
  const rows = Object.entries(values).map(([key, value]) => [
    key,
    JSON.stringify(value),
    sources[key] ?? "default",
  ]);
  return [
    `${cli.colors.bold(agentId)}  ${promise}`,
    ...table([
      ["skills", skills.join(", ")],
      ["reads", reads.join(", ") || "nothing"],
      ["writes", writes.join(", ") || "nothing"],
      ["emits", emits.join(", ")],
    ]),
    ...(withheld.length === 0
      ? []
      : [`${cli.colors.yellow("withheld:")} ${withheld.join(", ")} (${sources.withheld})`]),
    ...(rows.length === 0 ? [] : ["", ...table([["setting", "value", "declared by"], ...rows])]),
  ];
}

function placeOf({ env, module, edition }: Flags) {
  return { environment: env, moduleId: module, editionId: edition };
}

function common(command: Command): Command {
  return command
    .option("--env <environment>", "in this environment")
    .option("--module <module>", "for this module")
    .option("--edition <edition>", "for this edition")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory");
}
