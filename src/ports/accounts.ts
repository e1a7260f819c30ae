/** Who is calling: local accounts with access tokens, of which only a hash is kept. */
import type { ScopeWord, TokenLimits } from "../domain/access/access-token.ts";

export interface Principal {
  tenantId: string;
  /** Id of the person in the tenant's declaration, or `service:<id>` of a service account. */
  person: string;
}

export interface TokenTerms extends TokenLimits {
  /** ISO 8601; absent: it does not end by itself. */
  expiresAt?: string;
  issuedBy?: string;
}

export interface TokenFacts extends Principal {
  id: string;
  label: string;
  /** ISO 8601, as all times here. */
  issuedAt: string;
  issuedBy?: string;
  scope?: ScopeWord[];
  environments?: string[];
  expiresAt?: string;
  /** To the minute. */
  lastUsedAt?: string;
  revokedAt?: string;
  state: "good" | "expired" | "revoked";
}

export interface Accounts {
  /** Makes a token; it is shown once. */
  issueToken(principal: Principal, label: string, terms?: TokenTerms): Promise<string>;
  /** What is known of a token, also where it is good no more; undefined where it was never issued here. */
  findToken(token: string): Promise<TokenFacts | undefined>;
  /** The same by the token's id, which proves nothing: for a session that was made of it. */
  findTokenById(tenantId: string, id: string): Promise<TokenFacts | undefined>;
  /** Of one tenant, or one holder in it; newest first, those that are good no more among them. */
  listTokens(tenantId: string, person?: string): Promise<TokenFacts[]>;
  /** From here on it is refused. False: there is none by that id, or it was revoked before. */
  revokeToken(tenantId: string, id: string, by: string): Promise<boolean>;
}
