import type { Command } from "commander";
import type { Reverted } from "../../operations/revert-release.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";

interface Flags {
  module?: string;
  json?: boolean;
  data?: string;
}

export function addRevert(program: Command, cli: Cli): void {
  program
    .command("revert <release>")
    .description("take a released change back by a pull request: a trace, or a version")
    .option("--module <module>", "module of the trace or version")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      `
What came after the change stays. It is a delivery of its own, through the same gates and approvals; to have the
release before serve again at once, see studio request-rollback.`,
    )
    .action(async (release: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const { subject, takesBack } = await client.send<Reverted>("POST", "/reverts", {
        release,
        ...(flags.module !== undefined && { moduleId: flags.module }),
      });
      if (flags.json === true) {
        cli.out(JSON.stringify({ subject, takesBack }));
        return;
      }
      cli.out(
        `${subject.moduleId} ${takesBack.version} (${takesBack.traceId}) is taken back by ${subject.traceId}.`,
      );
      cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${subject.traceId}`);
    });
}
