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
 * CONNECTSOFT_URL, else the server of the data directory, started where none runs; as whom CONNECTSOFT_TOKEN says, else
 * as who signed in there, else, on this machine's own server, as the account's person.
 */
export async function connect(
  cli: Cli,
  flags: ServerFlags,
  { asWritten = flags.json === true }: { asWritten?: boolean } = {},
): Promise<Client> {
  const { url, key, ownToken } = await serverOf(cli, flags);
  const given = cli.env.CONNECTSOFT_TOKEN;
  if (given !== undefined && given !== "") return createClient({ url, token: given }, { asWritten });
  const { signedIn } = await import("./sign-in/signed-in.ts");
  const kept = await signedIn(cli.env, key);
  if (kept !== undefined) return createClient({ url, ...kept }, { asWritten });
  if (ownToken !== undefined) return createClient({ url, token: ownToken }, { asWritten });
  throw refuse(
    "InputInvalid",
    "CONNECTSOFT_URL is set, CONNECTSOFT_TOKEN is not, and nobody has signed in there.",
    "Sign in: connectsoft login. Or set CONNECTSOFT_TOKEN; or neither, to use the server of this machine.",
  );
}

export interface Server {
  url: string;
  /** Under which a sign-in is kept: a server of this machine may answer at another address tomorrow. */
  key: string;
  /** Of this machine's own server. */
  ownToken?: string;
}

export async function serverOf(cli: Cli, flags: ServerFlags): Promise<Server> {
  const named = cli.env.CONNECTSOFT_URL?.replace(/\/+$/, "");
  if (named !== undefined && named !== "") return { url: named, key: named };
  const key = cli.local.dataDirectory(flags.data);
  const { url, token } = await cli.local.ensureServer(key);
  return { url, key, ownToken: token };
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
