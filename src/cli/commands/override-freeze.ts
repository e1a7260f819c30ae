/** `studio override-freeze`: lets one release pass a freeze; the same command, by a second person, confirms it. */
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { FrozenRelease } from "../../operations/freezes/frozen-release.ts";
import type { OverrideAnswer } from "../../operations/freezes/override-rules.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeFrozenRelease } from "../describe-freezes.ts";

interface Flags {
  reason?: string;
  expires: string;
  confirm?: boolean;
  yes?: boolean;
  json?: boolean;
  data?: string;
}

export function addOverrideFreeze(program: Command, cli: Cli): void {
  program
    .command("override-freeze <release>")
    .description("let one release pass the freeze that holds it; a second person confirms")
    .option("--reason <text>", "what cannot wait, and why")
    .option("--expires <duration>", "how long it may pass, from now on", "2h")
    .option("--confirm", "confirm what somebody asked for")
    .option("--yes", "do not ask")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action((release: string, flags: Flags) => override(cli, release, flags));
}

async function override(cli: Cli, release: string, flags: Flags): Promise<void> {
  if (flags.confirm !== true && flags.reason === undefined)
    throw refuse(
      "JustificationMissing",
      `${release} is not let pass a freeze without a reason.`,
      `Say what cannot wait, and why: studio override-freeze ${release} --reason "..."; or, as the second person: --confirm`,
    );
  const client = await connect(cli, flags);
  const address = `/releases/${encodeURIComponent(release)}`;
  let frozen: FrozenRelease | undefined;
  if (flags.json !== true) {
    frozen = await client.get<FrozenRelease>(`${address}/freeze`);
    for (const line of describeFrozenRelease(cli, frozen)) cli.out(line);
    if (!(await agreed(cli, release, flags))) return cli.out("Nothing was done.");
  }
  const answer =
    flags.confirm === true
      ? await client.send<OverrideAnswer>("POST", `${address}/override-freeze/confirm`, shownOf(frozen))
      : await client.send<OverrideAnswer>("POST", `${address}/override-freeze`, {
          reason: flags.reason,
          expires: flags.expires,
          ...(frozen !== undefined && { digests: frozen.digests }),
        });
  cli.out(flags.json === true ? JSON.stringify(answer) : answer.note);
}

/** What a second person says yes to: the request that stood there, and no other. */
function shownOf(frozen: FrozenRelease | undefined) {
  if (frozen?.asked === undefined) return {};
  const { by, expiresAt } = frozen.asked;
  return { shown: { by, expiresAt, digests: frozen.digests } };
}

async function agreed(cli: Cli, release: string, { confirm, yes, expires }: Flags): Promise<boolean> {
  if (!cli.interactive || yes === true) return true;
  const { confirm: ask } = await import("@inquirer/prompts");
  const message =
    confirm === true
      ? `Let ${release} pass the freeze as it is shown here?`
      : `Ask to let ${release} pass the freeze for ${expires}, as it is shown here?`;
  return await ask({ message, default: false });
}
