import { existsSync, statSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { Cli } from "../cli.ts";
import type { Client } from "../client.ts";
import { connect, findTargets, type Target } from "../connect.ts";
import { followDelivery } from "../follow/follow-delivery.ts";
import { followTogether } from "../follow/follow-together.ts";
import { sayStudio } from "../studio-link.ts";

interface Flags {
  tenant?: string;
  env?: string[];
  until?: string;
  detach?: boolean;
  json?: boolean;
  module?: string;
  trace?: string;
  start?: string;
  version?: string;
  edition?: string;
  compliance?: boolean;
  follow?: string;
  ref?: string;
  folder?: string;
  adopt?: boolean;
  take?: string;
  data?: string;
}

export function addDeliver(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("deliver [source...]")
    .description("hand modules over, each a folder or a git address, and follow them live")
    .option("--env <environments...>", "only these environments of the promotion path")
    .option("--until <environment>", "follow until it is live there; the delivery goes on")
    .option("--detach", "do not follow; print how to")
    .option("--follow <trace>", "follow a delivery that was handed over before")
    .option("--json", "one event a line, as it stands on the chain")
    .option("--module <module>", "name of the module (default: its own)")
    .option("--trace <trace>", "trace that it belongs to (default: a new one)")
    .option("--start <command>", "how to start it (default: its own)")
    .option("--version <version>", "version of the module (default: its own)")
    .option("--edition <edition>", "SaaS edition")
    .option("--compliance", "in compliance mode")
    .option("--ref <ref>", "branch, tag or commit of a git address")
    .option("--folder <folder>", "folder of the source that is the module, such as services/booking")
    .option("--adopt", "it runs already, with a pipeline of its own: take it as it is, generate nothing")
    .option("--take <side>", "settle conflicts with the branch: handed-over or branch")
    .option("--tenant <tenant>", "tenant; must be yours")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      `
Without a source the example service of this repository is delivered. Several sources are one trace: each
module is deployed after those that it depends on (dependsOn in module.yaml).

Exit codes: 0 live where it was to go; 2 the hand-over was refused; 3 it waits for a person;
4 rejected, failed or rolled back; 5 database or server unavailable; 130 you stopped following
(the delivery goes on).

Examples:
  connectsoft deliver ./booking-service
  connectsoft deliver ./booking-service --until staging
  connectsoft deliver ./accounts ./orders ./shop
  connectsoft deliver https://github.com/me/service.git --ref v1.2.0 --detach
  connectsoft deliver https://github.com/me/all.git --folder services/booking
  connectsoft deliver ./running-service --adopt
  connectsoft deliver --follow trace-2025-05-23-0012`,
    )
    .action(async (sources: string[], flags: Flags) => {
      const client = await connect(cli, flags);
      const targets = flags.follow
        ? await findTargets(client, flags.follow, flags.module)
        : await handOverAll(cli, sources, flags, client);
      if (flags.json !== true) await sayStudio(cli, client);
      if (flags.detach === true) {
        sayHowToFollow(cli, targets, flags.json === true);
        return;
      }
      const how = { json: flags.json === true, until: flags.until, reconnect: () => connect(cli, flags) };
      const [target, ...others] = targets;
      if (target === undefined) return;
      end(
        others.length === 0
          ? await followDelivery(cli, { target, ...how })
          : await followTogether(cli, { targets, ...how }),
      );
    });
}

function sayHowToFollow(cli: Cli, targets: Target[], json: boolean): void {
  for (const target of targets) {
    if (json) cli.out(JSON.stringify(target));
    else cli.out(`${target.moduleId} is handed over as ${target.traceId}.`);
  }
  if (!json)
    cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${targets[0]?.traceId}`);
}

/** Of one module alone. */
const single = ["module", "start", "version", "folder"] as const;

/** The trace is the first one's; the others join it at once, before the first comes to any environment. */
async function handOverAll(cli: Cli, sources: string[], flags: Flags, client: Client): Promise<Target[]> {
  const [first, ...others] = sources;
  const meant = others.length === 0 ? undefined : single.find((flag) => flags[flag] !== undefined);
  if (meant !== undefined)
    throw refuse(
      "InputInvalid",
      `--${meant} is of one module, and ${sources.length} were named.`,
      "Say it in each module.yaml, or deliver them one by one with the same --trace.",
    );
  const target = await handOver(cli, first, flags, client);
  const joining = { ...flags, trace: target.traceId };
  return [target, ...(await Promise.all(others.map((source) => handOver(cli, source, joining, client))))];
}

async function handOver(cli: Cli, source: string | undefined, flags: Flags, client: Client): Promise<Target> {
  if (source === undefined && flags.json !== true)
    cli.out(
      cli.colors.dim(
        `No folder was named: delivering the example ${path.relative(cli.cwd, cli.local.exampleFolder) || "."}`,
      ),
    );
  const { tenant, env, module, trace, start, version, edition, compliance, adopt, take } = flags;
  const body = {
    source: sourceOf(cli, source, flags),
    tenantId: tenant,
    traceId: trace,
    moduleId: module,
    environments: env?.flatMap((one) => one.split(",")),
    start,
    version,
    editionId: edition,
    complianceMode: compliance,
    adopt,
    take,
  };
  const { subject } = await client.send<{ subject: Target; created: boolean }>("POST", "/deliveries", body);
  return subject;
}

/** A folder that is there is a folder, whatever its name, unless a ref of it is asked for or it is a bare repository. */
function sourceOf(cli: Cli, source: string | undefined, { ref, folder }: Flags): object {
  const named = source ?? cli.local.exampleFolder;
  const place = path.resolve(cli.cwd, named);
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\/|^[^/\s]+@[^/\s]+:|\.git$/.test(named);
  const isRepository =
    isFolder && (isBare(place) || (ref !== undefined && existsSync(path.join(place, ".git"))));
  if (!isRepository && (isFolder || !isAddress)) return { kind: "folder", path: place, folder };
  return { kind: "git", url: isRepository ? place : named, ref, folder };
}

function isBare(place: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => existsSync(path.join(place, name)));
}
