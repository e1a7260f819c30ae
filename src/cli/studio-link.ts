/** Where Studio is, for a person at this terminal: signed in by a link that is good once, where the server is this machine's. */
import type { SignInLink } from "../operations/sessions/manage-sessions.ts";
import type { Cli } from "./cli.ts";
import type { Client } from "./client.ts";

/** The code stands behind `#`, which no browser sends on: it is in no server's log. Refuses where the caller is no person. */
export async function signedInLink(client: Client): Promise<string> {
  const { code } = await client.send<SignInLink>("POST", "/sign-in-links", {});
  return `${client.url}/sign-in#code=${code}`;
}

/** For lines that are kept, as those of a build are: the link of another machine's server signs nobody in. */
export async function sayStudio(cli: Cli, client: Client): Promise<void> {
  const named = cli.env.CONNECTSOFT_URL;
  const isOwn = named === undefined || named === "";
  const link = isOwn ? await signedInLink(client).catch(() => undefined) : undefined;
  cli.out(`${cli.colors.bold("Studio:")} ${link ?? client.url}`);
}
