/** Who is calling: local accounts with access tokens, of which only a hash is kept. */
export interface Principal {
  tenantId: string;
  /** Id of the person in the tenant's declaration. */
  person: string;
}

export interface Accounts {
  /** Makes a token for a person; it is shown once. */
  issueToken(principal: Principal, label: string): Promise<string>;
  authenticate(token: string): Promise<Principal | undefined>;
  revokeTokens(principal: Principal): Promise<number>;
}
