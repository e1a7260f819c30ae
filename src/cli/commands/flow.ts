import type { Command } from "commander";
import type { Cli } from "../cli.ts";

interface Flags {
  mermaid?: boolean;
  json?: boolean;
}

export function addFlow(program: Command, cli: Cli): void {
  const flow = program.command("flow").description("the state machines that conduct deliveries");
  flow
    .command("list")
    .description("the flows that new deliveries run on")
    .action(async () => {
      for (const name of cli.local.flowNames()) {
        const { digest } = await cli.local.drawFlow(name, { width: cli.width, color: false });
        cli.out(`${name}  ${cli.colors.dim(digest)}`);
      }
    });
  flow
    .command("show [flow]")
    .description("draw a built-in flow or a file (default: delivery and environment)")
    .option("--mermaid", "as Mermaid text, for documents")
    .action(async (name: string | undefined, flags: Flags) => {
      for (const one of name === undefined ? cli.local.flowNames() : [name]) {
        const color = cli.colors.isColorSupported;
        const drawn = await cli.local.drawFlow(one, { width: cli.width, color });
        cli.out(flags.mermaid === true ? drawn.mermaid : drawn.drawing);
      }
    });
  flow
    .command("validate <file>")
    .description("check a flow file; every problem with line, column and suggestion")
    .option("--json", "as JSON")
    .action(async (file: string, flags: Flags) => {
      const { name, digest } = await cli.local.drawFlow(file, { width: cli.width, color: false });
      cli.out(
        flags.json === true ? JSON.stringify({ name, digest }) : `${file} is a sound flow: ${name} ${digest}`,
      );
    });
}
