/** An OpenID Connect provider, as an API sees it: what it says of whoever holds an access token. */
import type { SignIn } from "../domain/tenant/sign-in.ts";

/** What the provider signed: a person's name, groups and whatever else it says. */
export type Claims = Readonly<Record<string, unknown>>;

export interface IdentityProvider {
  /**
   * The claims of a token that this provider signed for this API and that holds now. Refuses with TokenExpired,
   * TokenInvalid naming what does not fit, and Unavailable where the provider's keys cannot be had. Keys that the
   * provider changed are fetched again.
   */
  verify(provider: SignIn, token: string): Promise<Claims>;
  /** What a token says of itself, which proves nothing; undefined where it is none. */
  peek(token: string): { issuer: string; audiences: string[] } | undefined;
}
