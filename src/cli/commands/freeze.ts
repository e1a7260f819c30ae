/** `connectsoft freeze`: windows in which releases are held. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import type { ImportAnswer } from "../../operations/freezes/import-calendar.ts";
import type { LiftAnswer } from "../../operations/freezes/lift-freeze.ts";
import type { ListedFreeze } from "../../operations/freezes/list-freezes.ts";
import type { FreezeAnswer } from "../../operations/freezes/set-freeze.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeFreezes } from "../describe-freezes.ts";

interface ScopeFlags {
  env?: string[];
  module?: string[];
  edition?: string[];
  override?: boolean;
  json?: boolean;
  data?: string;
}

interface SetFlags extends ScopeFlags {
  reason: string;
  from?: string;
  to?: string;
  for?: string;
  zone?: string;
  rrule?: string;
  exdate?: string[];
  id?: string;
}

export function addFreezes(program: Command, cli: Cli): void {
  const freeze = program.command("freeze").description("windows in which releases are held");
  common(
    freeze
      .command("list")
      .description("what is frozen now and what comes next, by the clocks of each one's zone"),
  ).action(async (flags: ScopeFlags) => {
    const found = await (await connect(cli, flags)).get<ListedFreeze[]>("/freezes");
    if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
    else for (const line of describeFreezes(cli, found)) cli.out(line);
  });
  scoped(common(freeze.command("set").description("hold releases; who sets it needs nobody else")))
    .requiredOption("--reason <text>", "why, for everybody who is held by it")
    .option("--from <time>", "local date and time such as 2026-11-27T00:00 (default: now)")
    .option("--to <time>", "when it ends; without --to and --for it holds until it is lifted")
    .option("--for <duration>", "how long: 90m, 12h, or days of the calendar such as 3d")
    .option("--zone <zone>", "whose clocks, such as Europe/Berlin (default: those of this computer)")
    .option("--rrule <rule>", "how it recurs, by RFC 5545: FREQ=WEEKLY;BYDAY=FR")
    .option("--exdate <time...>", "starts that do not count")
    .option("--id <name>", "its name (default: one is made up)")
    .action((flags: SetFlags) => set(cli, flags));
  common(
    freeze
      .command("lift <id>")
      .description("end a freeze that was set by command; a second person says the same"),
  )
    .requiredOption("--reason <text>", "why, for those who read the record")
    .action(async (id: string, flags: ScopeFlags & { reason: string }) => {
      const client = await connect(cli, flags);
      const answer = await client.send<LiftAnswer>("POST", `/freezes/${encodeURIComponent(id)}/lift`, {
        reason: flags.reason,
      });
      cli.out(flags.json === true ? JSON.stringify(answer) : answer.note);
    });
  scoped(
    common(freeze.command("import <file>").description("set the events of a calendar (.ics) as freezes")),
  )
    .option("--zone <zone>", "of events that name none (default: that of this computer)")
    .action((file: string, flags: ScopeFlags & { zone?: string }) => importCalendar(cli, file, flags));
}

async function set(cli: Cli, flags: SetFlags): Promise<void> {
  const client = await connect(cli, flags);
  const answer = await client.send<FreezeAnswer>("POST", "/freezes", {
    reason: flags.reason,
    timeZone: flags.zone ?? zoneHere(),
    start: localOf(flags.from),
    end: localOf(flags.to),
    duration: flags.for,
    rrule: flags.rrule,
    exdate: flags.exdate?.map(localOf),
    id: flags.id,
    ...scopeOf(flags),
  });
  if (flags.json === true) {
    cli.out(JSON.stringify(answer));
    return;
  }
  cli.out(`${answer.id} holds releases ${answer.words}.${answer.recorded ? "" : " It stood already."}`);
  cli.out(
    `${cli.colors.bold("next:")} See what is frozen: connectsoft freeze list; end it: connectsoft freeze lift ${answer.id} --reason "..."`,
  );
}

async function importCalendar(cli: Cli, file: string, flags: ScopeFlags & { zone?: string }): Promise<void> {
  const text = await readFile(path.resolve(cli.cwd, file), "utf8");
  const client = await connect(cli, flags);
  const answer = await client.send<ImportAnswer>("POST", "/freezes/import", {
    text,
    timeZone: flags.zone ?? zoneHere(),
    ...scopeOf(flags),
  });
  if (flags.json === true) {
    cli.out(JSON.stringify(answer, null, 2));
    return;
  }
  for (const { id, words, recorded } of answer.set)
    cli.out(`${id} holds releases ${words}.${recorded ? "" : " It stood already."}`);
  for (const { what, why } of answer.left) cli.out(`${cli.colors.yellow("left out:")} ${what}: ${why}`);
}

function scopeOf({ env, module, edition, override }: ScopeFlags) {
  return {
    environments: env,
    modules: module,
    editions: edition,
    ...(override === false && { mayOverride: [] }),
  };
}

/** As people write it: with a blank between date and time. */
function localOf(text: string): string;
function localOf(text: string | undefined): string | undefined;
function localOf(text: string | undefined): string | undefined {
  return text?.replace(/^(\d{4}-\d{2}-\d{2}) /, "$1T");
}

function zoneHere(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function scoped(command: Command): Command {
  return command
    .option("--env <environment...>", "only these environments (default: all)")
    .option("--module <module...>", "only these modules")
    .option("--edition <edition...>", "only modules of these editions")
    .option("--no-override", "nobody may override it for a release");
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
