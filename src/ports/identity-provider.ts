/** An OpenID Connect provider, as an API sees it: what it says of whoever holds an access token. */
import type { SignIn } from "../domain/tenant/sign-in.ts";

/** What the provider signed: a person's name, groups and whatever else it says. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a browser that was sent to the provider must come back with; kept in that browser alone. */
export interface SignInChecks {
  verifier: string;
  state: string;
  nonce: string;
}

/** This server as the provider's client. */
export interface SignInClient {
  /** Where the browser comes back to. */
  redirectUri: string;
  secret?: string | undefined;
}

export interface IdentityProvider {
  /** Where a person's browser goes to sign in. Refuses with Unavailable where the provider does not answer. */
  begin(provider: SignIn, client: SignInClient): Promise<{ url: string; checks: SignInChecks }>;
  /** The access token for what the browser came back with. Refuses what does not belong to the checks, or was denied. */
  finish(provider: SignIn, answer: SignInClient & { query: string; checks: SignInChecks }): Promise<string>;
  /**
   * The claims of a token that this provider signed for this API and that holds now. Refuses with TokenExpired,
   * TokenInvalid naming what does not fit, and Unavailable where the provider's keys cannot be had. Keys that the
   * provider changed are fetched again.
   */
  verify(provider: SignIn, token: string): Promise<Claims>;
  /** What a token says of itself, which proves nothing; undefined where it is none. */
  peek(token: string): { issuer: string; audiences: string[] } | undefined;
}
