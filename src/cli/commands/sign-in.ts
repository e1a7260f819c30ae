/** `connectsoft login` and `logout`: as whom this account calls a server. */
import type { Command } from "commander";
import { RefusalError, refuse } from "../../domain/refusal.ts";
import type { SignInOffer } from "../../operations/accounts/find-sign-in.ts";
import type { Cli } from "../cli.ts";
import { serverOf } from "../connect.ts";
import { openBrowser } from "../open-browser.ts";

interface Flags {
  tenant?: string;
  device?: boolean;
  browser: boolean;
  data?: string;
}

const patienceMs = 300_000;

export function addSignIn(program: Command, cli: Cli): void {
  program
    .command("login")
    .description("sign in at the tenant's OpenID Connect provider")
    .option("--tenant <id>", "where the server has several")
    .option("--device", "sign in on another device: for machines without a browser")
    .option("--no-browser", "print the address and open nothing")
    .option("--data <folder>", "data directory")
    .action((flags: Flags) => login(cli, flags));
  program
    .command("logout")
    .description("forget the sign-in of this account, here and at the provider")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const { key } = await serverOf(cli, flags);
      const { clientSecretOf } = await import("../sign-in/client-secret.ts");
      const { forgetSignIn, keptSignIn } = await import("../sign-in/kept-sign-ins.ts");
      const { revoke } = await import("../sign-in/provider-client.ts");
      const kept = await keptSignIn(cli.env, key);
      await forgetSignIn(cli.env, key);
      if (kept === undefined) return cli.out("Nobody was signed in.");
      const { refreshToken } = kept.tokens;
      const there =
        refreshToken === undefined ||
        (await clientSecretOf(cli.env, kept.offer)
          .then((secret) => revoke(kept.offer, refreshToken, secret))
          .then(
            () => true,
            () => false,
          ));
      cli.out(
        there ? "Signed out." : `Signed out here; ${kept.offer.issuer} was not told, as it does not answer.`,
      );
    });
}

async function login(cli: Cli, flags: Flags): Promise<void> {
  const { url, key } = await serverOf(cli, flags);
  const offer = await offerOf(url, flags.tenant);
  const { clientSecretOf } = await import("../sign-in/client-secret.ts");
  const { keepSignIn } = await import("../sign-in/kept-sign-ins.ts");
  const { signInByBrowser, signInByDevice } = await import("../sign-in/provider-client.ts");
  const ways = {
    signal: AbortSignal.timeout(patienceMs),
    clientSecret: await clientSecretOf(cli.env, offer),
    show(address: string) {
      cli.out(`Sign in at ${address}`);
      if (flags.browser && flags.device !== true && cli.interactive) openBrowser(address);
    },
    code: (code: string) => cli.out(`and compare the code: ${code}`),
  };
  const tokens = await (flags.device === true ? signInByDevice(offer, ways) : signInByBrowser(offer, ways));
  await keepSignIn(cli.env, key, { offer, tokens });
  cli.out(`Signed in to ${offer.tenantId} by ${offer.issuer}.`);
}

async function offerOf(url: string, tenant: string | undefined): Promise<SignInOffer> {
  const query = tenant === undefined ? "" : `?${new URLSearchParams({ tenant })}`;
  const response = await fetch(`${url}/sign-in${query}`).catch(() => {
    throw refuse("Unavailable", `The server at ${url} does not answer.`, "Start it: connectsoft serve.");
  });
  const answer = (await response.json()) as SignInOffer & { code: string; detail: string; next: string };
  if (response.ok) return answer;
  const { code, detail: message, next } = answer;
  throw new RefusalError({ code: code as RefusalError["refusal"]["code"], message, next });
}
