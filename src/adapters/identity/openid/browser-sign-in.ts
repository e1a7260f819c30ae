/** Signs a person in with their browser: the authorisation code flow with PKCE, its code exchanged by this server. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { refuse } from "../../../domain/refusal.ts";
import { isLoopback, type SignIn } from "../../../domain/tenant/sign-in.ts";
import type { SignInChecks } from "../../../ports/identity-provider.ts";

interface Client {
  redirectUri: string;
  secret?: string | undefined;
}

export async function beginSignIn(
  provider: SignIn,
  { redirectUri, secret }: Client,
): Promise<{ url: string; checks: SignInChecks }> {
  const config = await configure(provider, secret);
  const checks = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
  const url = buildAuthorizationUrl(config, {
    ...provider.parameters,
    redirect_uri: redirectUri,
    // The session is this server's own: nothing is refreshed later.
    scope: provider.scopes.filter((scope) => scope !== "offline_access").join(" "),
    code_challenge: await calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: "S256",
    state: checks.state,
    nonce: checks.nonce,
  });
  return { url: url.href, checks };
}

export async function finishSignIn(
  provider: SignIn,
  { redirectUri, secret, query, checks }: Client & { query: string; checks: SignInChecks },
): Promise<string> {
  const config = await configure(provider, secret);
  const { resource } = provider.parameters;
  const answer = await authorizationCodeGrant(
    config,
    new URL(`${redirectUri}${query}`),
    { pkceCodeVerifier: checks.verifier, expectedState: checks.state, expectedNonce: checks.nonce },
    resource === undefined ? {} : { resource },
  ).catch((error: unknown) => {
    throw refused(provider, error);
  });
  return answer.access_token;
}

async function configure({ issuer, clientId }: SignIn, secret: string | undefined): Promise<Configuration> {
  const url = new URL(issuer);
  const plain = url.protocol === "http:" && isLoopback(url.hostname);
  return discovery(url, clientId, undefined, secret === undefined ? None() : ClientSecretPost(secret), {
    execute: plain ? [allowInsecureRequests] : [],
    timeout: 10,
  }).catch((error: Error) => {
    throw refuse(
      "Unavailable",
      `The provider ${issuer} does not answer as one: ${error.message}.`,
      "Try again later.",
    );
  });
}

/** The provider's own words where it said no. */
function refused({ issuer }: SignIn, error: unknown) {
  const { error: said, error_description: description } = error as Record<string, unknown>;
  const words = error instanceof Error ? error.message : String(error);
  const why = said === undefined ? words : `${String(said)}${description ? `: ${String(description)}` : ""}`;
  return said === "access_denied"
    ? refuse("Unauthenticated", `${issuer} let nobody in (${why}).`, "Sign in again.")
    : refuse(
        "TokenInvalid",
        `The answer of ${issuer} does not belong to this sign-in (${why}).`,
        "Sign in again.",
      );
}
