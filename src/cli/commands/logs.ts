import type { Command } from "commander";
import { RefusalError, refuse } from "../../domain/refusal.ts";
import type { DeliverySummary } from "../../operations/list-deliveries.ts";
import type { LogLine } from "../../operations/read-logs.ts";
import { type Cli, exitCodes } from "../cli.ts";
import type { Client } from "../client.ts";
import { connect, getStatus } from "../connect.ts";

/** Colours (SGR) whole, and each control character that is neither a colour's nor a tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /\u001b\[[0-9;]*m|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

interface Flags {
  env?: string;
  release?: string;
  tail: string;
  follow?: boolean;
  json?: boolean;
  data?: string;
}

export function addLogs(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("logs [module]")
    .description("what a module writes where it runs, without the values of its secrets")
    .option("--env <environment>", "where (default: the last one on its promotion path that it runs in)")
    .option("--release <release>", "of this release, also after its end (default: what has traffic)")
    .option("--tail <lines>", "the last lines of each instance", "100")
    .option("--follow", "goes on until it is interrupted")
    .option("--json", "one line as one JSON object")
    .option("--data <folder>", "data directory")
    .action(async (module: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags, { asWritten: true });
      const path = await pathOf(client, module, flags);
      const asJson = (line: LogLine) => cli.out(JSON.stringify(line));
      const printed = flags.json === true ? () => asJson : (known: LogLine[]) => printer(cli, known);
      const query = { tail: flags.tail, ...(flags.release !== undefined && { releaseId: flags.release }) };
      if (flags.follow === true)
        return end(await follow(cli, { client, path, query, print: printed([]), flags }));
      const lines = await client.get<LogLine[]>(path, query);
      lines.forEach(printed(lines));
    });
}

async function pathOf(client: Client, module: string | undefined, flags: Flags): Promise<string> {
  const moduleId = module ?? (await onlyModule(client));
  const environment = flags.env ?? (await lastEnvironment(client, moduleId));
  return `/logs/${encodeURIComponent(environment)}/${encodeURIComponent(moduleId)}`;
}

async function onlyModule(client: Client): Promise<string> {
  const found = await client.get<DeliverySummary[]>("/deliveries", { limit: "100" });
  const modules = [...new Set(found.map(({ subject }) => subject.moduleId))];
  const [first, ...others] = modules;
  if (first === undefined)
    throw refuse(
      "NotFound",
      "Nothing has been delivered yet.",
      "Deliver something: connectsoft deliver <folder>",
    );
  if (others.length === 0) return first;
  throw refuse(
    "InputInvalid",
    `There are several modules: ${modules.join(", ")}.`,
    `Name one: connectsoft logs ${first}`,
  );
}

/** Where the newest delivery of the module serves furthest on its path; else where it begins. */
async function lastEnvironment(client: Client, moduleId: string): Promise<string> {
  const [newest] = await client.get<DeliverySummary[]>("/deliveries", { moduleId, limit: "1" });
  if (newest === undefined)
    throw refuse("NotFound", `There is no delivery of ${moduleId}.`, "See what there is: connectsoft status");
  const { environments, instances } = await getStatus(client, newest.subject);
  const serves = (one: string) =>
    instances.some(({ environment, url }) => environment === one && url !== undefined);
  return environments.findLast(serves) ?? environments[0] ?? "staging";
}

interface Following {
  client: Client;
  path: string;
  query: Record<string, string>;
  print(line: LogLine): void;
  flags: Flags;
}

async function follow(cli: Cli, { client, path, query, print, flags }: Following): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  try {
    let from = client;
    for (let tail = query.tail ?? "0"; ; tail = "0") {
      await printAll(from, `${path}?${new URLSearchParams({ ...query, tail })}`, {
        print,
        signal: interruption.signal,
      });
      if (interruption.signal.aborted) return exitCodes.interrupted;
      cli.err("The server is away; starting it again.");
      from = await connect(cli, flags, { asWritten: true });
    }
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

/** Returns when the signal is aborted or the connection is lost. */
async function printAll(
  client: Client,
  path: string,
  { print, signal }: { print(line: LogLine): void; signal: AbortSignal },
): Promise<void> {
  try {
    for await (const { event, data } of client.stream(path, 0, signal))
      if (event === "line") print(data as LogLine);
  } catch (error) {
    const isLost =
      error instanceof TypeError || (error instanceof RefusalError && error.refusal.code === "Unavailable");
    if (!signal.aborted && !isLost) throw error;
  }
}

/** Lines of several releases or instances have their names before them, each release in its colour. */
function printer(cli: Cli, known: LogLine[]): (line: LogLine) => void {
  const { cyan, magenta, yellow, green, blue } = cli.colors;
  const paints = [cyan, magenta, yellow, green, blue];
  const releases: string[] = [];
  const writers = new Set(known.map(nameOf));
  return (line) => {
    writers.add(nameOf(line));
    if (!releases.includes(line.releaseId)) releases.push(line.releaseId);
    const paint = paints[releases.indexOf(line.releaseId) % paints.length] ?? String;
    const name = writers.size > 1 ? `${paint(nameOf(line))} ` : "";
    cli.out(name + harmless(line.line));
  };
}

function nameOf({ releaseId, instance }: LogLine): string {
  return `${releaseId}#${instance}`;
}

/** Colours pass; what would move the cursor or speak to the terminal does not. */
function harmless(line: string): string {
  const isColour = (found: string) => found.length > 1;
  return line.replace(control, (found) => (isColour(found) ? found : ""));
}
