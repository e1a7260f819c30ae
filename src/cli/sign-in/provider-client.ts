/** Signs a person in at their provider, as a native application does it: RFC 8252 with PKCE, or RFC 8628. */
import type * as openId from "openid-client";
import { type RefusalError, refuse } from "../../domain/refusal.ts";
import { isLoopback } from "../../domain/tenant/sign-in.ts";
import type { SignInOffer } from "../../operations/accounts/find-sign-in.ts";
import { awaitRedirect } from "./await-redirect.ts";

/** What a provider gave; kept on this machine and nowhere else. */
export interface Tokens {
  accessToken: string;
  refreshToken?: string;
  /** ISO 8601; absent where the provider does not say. */
  expiresAt?: string;
}

export interface Ways {
  /** Shows the person where to go. */
  show(url: string): void;
  signal: AbortSignal;
  /** Of a provider that wants one although it can be no secret in a program that people run. */
  clientSecret?: string | undefined;
}

export interface DeviceWays extends Ways {
  code(code: string): void;
}

export async function signInByBrowser(offer: SignInOffer, ways: Ways): Promise<Tokens> {
  const client = await import("openid-client");
  const config = await configure(client, offer, ways.clientSecret);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const answer = await awaitRedirect(ways.signal, async (redirectUri) => {
    const url = client.buildAuthorizationUrl(config, {
      ...offer.parameters,
      redirect_uri: redirectUri,
      scope: offer.scopes.join(" "),
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: expectedState,
      nonce: expectedNonce,
      // Without it providers give no refresh token to somebody who has agreed before.
      ...(offer.scopes.includes("offline_access") && { prompt: "consent" }),
    });
    ways.show(url.href);
  });
  const checks = { pkceCodeVerifier, expectedState, expectedNonce };
  return answer.end(
    client
      .authorizationCodeGrant(config, answer.url, checks, resourceOf(offer))
      .then(tokensOf, (error) => Promise.reject(refusalOf(offer, error))),
  );
}

export async function signInByDevice(offer: SignInOffer, ways: DeviceWays): Promise<Tokens> {
  const client = await import("openid-client");
  const config = await configure(client, offer, ways.clientSecret);
  try {
    const parameters = { ...offer.parameters, scope: offer.scopes.join(" ") };
    const begun = await client.initiateDeviceAuthorization(config, parameters);
    ways.show(begun.verification_uri_complete ?? begun.verification_uri);
    ways.code(begun.user_code);
    const resource = resourceOf(offer);
    return tokensOf(
      await client.pollDeviceAuthorizationGrant(config, begun, resource, { signal: ways.signal }),
    );
  } catch (error) {
    throw refusalOf(offer, error);
  }
}

/** Refuses with TokenExpired where the provider gives no more: the person signs in again. */
export async function refresh(
  offer: SignInOffer,
  refreshToken: string,
  clientSecret: string | undefined,
): Promise<Tokens> {
  const client = await import("openid-client");
  const config = await configure(client, offer, clientSecret);
  try {
    const answer = await client.refreshTokenGrant(config, refreshToken, resourceOf(offer));
    return { refreshToken, ...tokensOf(answer) };
  } catch (error) {
    throw refusalOf(offer, error);
  }
}

/** The provider forgets the sign-in, where it can. */
export async function revoke(
  offer: SignInOffer,
  refreshToken: string,
  clientSecret: string | undefined,
): Promise<void> {
  const client = await import("openid-client");
  const config = await configure(client, offer, clientSecret);
  if (config.serverMetadata().revocation_endpoint === undefined) return;
  await client.tokenRevocation(config, refreshToken, { token_type_hint: "refresh_token" });
}

async function configure(
  client: typeof openId,
  { issuer, clientId }: SignInOffer,
  clientSecret: string | undefined,
): Promise<openId.Configuration> {
  const url = new URL(issuer);
  const plain = url.protocol === "http:" && isLoopback(url.hostname);
  try {
    return await client.discovery(
      url,
      clientId,
      undefined,
      clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret),
      { execute: plain ? [client.allowInsecureRequests] : [], timeout: 10 },
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse("Unavailable", `The provider ${issuer} does not answer as one: ${why}.`, "Try again later.");
  }
}

/** What an access token is for is asked again where it is given (RFC 8707). */
function resourceOf({ parameters: { resource } }: SignInOffer): Record<string, string> {
  return resource === undefined ? {} : { resource };
}

function tokensOf(answer: openId.TokenEndpointResponse & openId.TokenEndpointResponseHelpers): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken } = answer;
  const seconds = answer.expiresIn();
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(seconds !== undefined && { expiresAt: new Date(Date.now() + seconds * 1_000).toISOString() }),
  };
}

/** The provider's own words where it said no; what does not belong to this sign-in is named. */
function refusalOf({ issuer }: SignInOffer, error: unknown): RefusalError {
  const { error: said, error_description: description, code } = error as Record<string, unknown>;
  const words = error instanceof Error ? error.message : String(error);
  const why = said === undefined ? words : `${String(said)}${description ? `: ${String(description)}` : ""}`;
  const next = "Sign in again: connectsoft login";
  if (said === "invalid_grant")
    return refuse("TokenExpired", `${issuer} takes this sign-in no more (${why}).`, next);
  if (said === "access_denied") return refuse("Unauthenticated", `${issuer} let nobody in (${why}).`, next);
  if (code === "OAUTH_TIMEOUT") return refuse("Unavailable", `${issuer} does not answer in time.`, next);
  return refuse("TokenInvalid", `The answer of ${issuer} does not belong to this sign-in (${why}).`, next);
}
