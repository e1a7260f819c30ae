/** Finds the server that a command speaks to, and the delivery that it means. */
import { refuse } from "../domain/refusal.ts";
import type { DeliveryStatus } from "../operations/get-delivery.ts";
import type { DeliverySummary } from "../operations/list-deliveries.ts";
import type { Cli } from "./cli.ts";
import { type Client, createClient } from "./client.ts";

export interface ServerFlags {
  data?: string;
  /** The answer is for a machine. */
  json?: boolean;
}

/**
 * CONNECTSOFT_URL with CONNECTSOFT_TOKEN, else the server of the data directory, started where none runs.
 * CONNECTSOFT_TOKEN alone speaks to that server as another person.
 */
export async function connect(
  cli: Cli,
  flags: ServerFlags,
  { asWritten = flags.json === true }: { asWritten?: boolean } = {},
): Promise<Client> {
  const { CONNECTSOFT_URL: url, CONNECTSOFT_TOKEN: token } = cli.env;
  if (url !== undefined && url !== "") {
    if (token !== undefined && token !== "")
      return createClient({ url: url.replace(/\/+$/, ""), token }, { asWritten });
    throw refuse(
      "InputInvalid",
      "CONNECTSOFT_URL is set and CONNECTSOFT_TOKEN is not.",
      "Set both, or neither to use the server of this machine.",
    );
  }
  const server = await cli.local.ensureServer(cli.local.dataDirectory(flags.data));
  return createClient({ url: server.url, token: token || server.token }, { asWritten });
}

export interface Target {
  tenantId: string;
  traceId: string;
  moduleId: string;
}

/** Every module of a trace, by name, or the one that is named. */
export async function findTargets(
  client: Client,
  trace: string,
  module: string | undefined,
): Promise<Target[]> {
  const found = await client.get<DeliverySummary[]>("/deliveries", {
    traceId: trace,
    moduleId: module,
    limit: "100",
  });
  if (found.length === 0) return [await findTarget(client, trace, module)];
  return found.map(({ subject }) => subject).sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
}

/** The delivery of a trace, of its module where it has several; the newest one where no trace is named. */
export async function findTarget(
  client: Client,
  trace: string | undefined,
  module: string | undefined,
): Promise<Target> {
  const found = await client.get<DeliverySummary[]>("/deliveries", {
    traceId: trace,
    moduleId: module,
    limit: trace === undefined ? "1" : "100",
  });
  const [first, second] = found;
  if (first === undefined)
    throw refuse(
      "NotFound",
      trace === undefined
        ? "Nothing has been delivered yet."
        : `There is no delivery of ${trace}${module === undefined ? "" : ` and ${module}`}.`,
      trace === undefined
        ? "Deliver something: connectsoft deliver <folder>"
        : "See what there is: connectsoft status",
    );
  if (second !== undefined)
    throw refuse(
      "InputInvalid",
      `${trace} has several modules: ${found.map(({ subject }) => subject.moduleId).join(", ")}.`,
      `Name one: --module ${first.subject.moduleId}`,
    );
  return first.subject;
}

export function pathOf({ tenantId, traceId, moduleId }: Target): string {
  return `/deliveries/${tenantId}/${traceId}/${moduleId}`;
}

export function getStatus(client: Client, target: Target): Promise<DeliveryStatus> {
  return client.get<DeliveryStatus>(pathOf(target));
}
