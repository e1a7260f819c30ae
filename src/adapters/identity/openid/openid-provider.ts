/** Verifies access tokens with the keys that their provider publishes, found by OpenID Connect Discovery. */
import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { allowInsecureRequests, discovery } from "openid-client";
import { type RefusalError, refuse } from "../../../domain/refusal.ts";
import { isLoopback, type SignIn } from "../../../domain/tenant/sign-in.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { IdentityProvider } from "../../../ports/identity-provider.ts";
import { beginSignIn, finishSignIn } from "./browser-sign-in.ts";

export interface OpenIdOptions {
  clock: Clock;
  /** Keys are fetched again for a signature by an unknown one, but no more often than this. */
  cooldownMs?: number;
}

const timeoutMs = 5_000;
const leewaySeconds = 30;
const usualCooldownMs = 10_000;

export function createOpenIdProvider({
  clock,
  cooldownMs = usualCooldownMs,
}: OpenIdOptions): IdentityProvider {
  const keySets = new Map<string, Promise<JWTVerifyGetKey>>();

  function keysOf({ issuer, clientId }: SignIn): Promise<JWTVerifyGetKey> {
    const known = keySets.get(issuer);
    if (known !== undefined) return known;
    const found = discoverKeys(issuer, clientId, cooldownMs);
    keySets.set(issuer, found);
    // A provider that was away is asked again.
    found.catch(() => keySets.delete(issuer));
    return found;
  }

  return {
    begin: beginSignIn,
    finish: finishSignIn,
    async verify(provider, token) {
      const keys = await keysOf(provider).catch((error) => {
        throw unavailable(provider, error);
      });
      const options: JWTVerifyOptions = {
        issuer: provider.issuer,
        audience: provider.audience,
        algorithms: [...provider.algorithms],
        clockTolerance: leewaySeconds,
        currentDate: clock.now(),
        requiredClaims: ["exp"],
      };
      const { payload } = await jwtVerify(token, keys, options).catch((error) => {
        throw refusalOf(provider, error);
      });
      return payload;
    },
    peek(token) {
      try {
        const { iss = "", aud = [] } = decodeJwt(token);
        return { issuer: iss, audiences: typeof aud === "string" ? [aud] : aud };
      } catch {
        return undefined;
      }
    },
  };
}

async function discoverKeys(issuer: string, clientId: string, cooldownMs: number): Promise<JWTVerifyGetKey> {
  const url = new URL(issuer);
  const execute = url.protocol === "http:" && isLoopback(url.hostname) ? [allowInsecureRequests] : [];
  const found = await discovery(url, clientId, undefined, undefined, { execute, timeout: timeoutMs / 1_000 });
  const { jwks_uri } = found.serverMetadata();
  if (jwks_uri === undefined) throw new Error("it publishes no keys (jwks_uri)");
  return createRemoteJWKSet(new URL(jwks_uri), {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
  });
}

function refusalOf(provider: SignIn, error: unknown): RefusalError {
  const { issuer, audience, algorithms } = provider;
  const next = "Sign in again: connectsoft login";
  if (error instanceof errors.JWTExpired)
    return refuse("TokenExpired", `The access token of ${issuer} ended${endOf(error)}.`, next);
  const invalid = (why: string) => refuse("TokenInvalid", `The access token does not hold: ${why}.`, next);
  if (error instanceof errors.JWTClaimValidationFailed)
    switch (error.claim) {
      case "iss":
        return invalid(`its issuer is not ${issuer}`);
      case "aud":
        return invalid(`it is not for ${audience}`);
      case "nbf":
        return invalid("its time has not begun");
      default:
        return invalid(
          `its claim ${error.claim} ${error.reason === "missing" ? "is missing" : "does not fit"}`,
        );
    }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalid("its signature is not the provider's");
  if (error instanceof errors.JWKSNoMatchingKey) return invalid(`no key of ${issuer} signed it`);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid(`it is not signed by one of ${algorithms.join(", ")}`);
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError))
    return unavailable(provider, error);
  return invalid("it is no signed token");
}

function endOf({ payload }: errors.JWTExpired): string {
  return payload.exp === undefined ? "" : ` ${new Date(payload.exp * 1_000).toISOString()}`;
}

function unavailable({ issuer }: SignIn, error: unknown): RefusalError {
  const why = error instanceof Error ? error.message : String(error);
  return refuse(
    "Unavailable",
    `The keys of ${issuer} cannot be had: ${why}.`,
    "Try again; tokens made here work on.",
  );
}
