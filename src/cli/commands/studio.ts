/** `connectsoft studio`, and `studio` with nothing behind it: the window for people, opened and signed in. */
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { openBrowser } from "../open-browser.ts";

interface Flags {
  browser: boolean;
  json?: boolean;
  data?: string;
}

export function addStudio(program: Command, cli: Cli): void {
  openStudio(program.command("studio").description("open Studio in a browser, signed in"), cli);
}

/** Makes it what the command does. */
export function openStudio(command: Command, cli: Cli): void {
  command
    .option("--no-browser", "print the address and open nothing")
    .option("--json", "the address as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const { signedInLink } = await import("../studio-link.ts");
      const link = await signedInLink(await connect(cli, flags));
      if (flags.json === true) return cli.out(JSON.stringify({ url: link }));
      cli.out(`${cli.colors.bold("Studio:")} ${link}`);
      cli.out(cli.colors.dim("The link signs you in once, within 15 minutes."));
      if (flags.browser && cli.interactive) openBrowser(link);
    });
}
