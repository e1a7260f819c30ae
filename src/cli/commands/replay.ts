import type { Command } from "commander";
import type { Replay } from "../../operations/replay-delivery.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";

export function addReplay(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("replay <trace>")
    .description("verify the chain of events and replay the delivery from them alone")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (trace: string, flags: { module?: string; json?: boolean; data?: string }) => {
      const client = await connect(cli, flags);
      const replay = await client.get<Replay>(
        `${pathOf(await findTarget(client, trace, flags.module))}/replay`,
      );
      if (flags.json === true) cli.out(JSON.stringify(replay, null, 2));
      else for (const line of describe(replay)) cli.out(line);
      if (!replay.chain.intact || !replay.same) end(exitCodes.failed);
    });
}

function describe({ events, chain, same, differences }: Replay): string[] {
  return [
    chain.intact
      ? `The chain is intact: ${events} events, gapless, each sealed by the one before.`
      : `The chain is broken at event ${chain.sequence}: it ${chain.problem}.`,
    same
      ? "Replayed from them, the state is the stored one."
      : `Replayed, it differs in ${differences.join(", ")}.`,
  ];
}
