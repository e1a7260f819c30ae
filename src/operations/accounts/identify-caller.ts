/** Who holds a token: a person or service account as the tenant declares it now, or who its provider says. */
import { isAccessToken } from "../../domain/access/access-token.ts";
import type { Identity, Origin } from "../../domain/access/session.ts";
import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import { holderOf, servicePrefix } from "../../domain/tenant/service-accounts.ts";
import type { SignIn } from "../../domain/tenant/sign-in.ts";
import { claimedPerson, signedInPerson } from "../../domain/tenant/signed-in-person.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { TokenFacts } from "../../ports/accounts.ts";
import type { Claims } from "../../ports/identity-provider.ts";
import type { Caller, System } from "../system.ts";
import { keepSignIn } from "./keep-sign-in.ts";
import { peopledAs } from "./peopled-tenant.ts";

export interface Credential {
  token: string;
  method: Caller["method"];
  /** The tenant that is meant, where a provider's token is good for several. */
  tenantId?: string | undefined;
}

/** `at`: the tenant that concerns the refusal, and who came, as far as that is known. */
export type Identified =
  | { caller: Caller }
  | { refusal: Refusal; at?: { tenantId: string; actor: string; tokenId?: string } };

export type Refused = Extract<Identified, { refusal: Refusal }>;

export async function identifyCaller(system: System, credential: Credential): Promise<Identified> {
  if (isAccessToken(credential.token)) return byAccessToken(system, credential);
  const said = system.identity.peek(credential.token);
  return said === undefined ? { refusal: unknownToken() } : byProvider(system, credential, said);
}

async function byAccessToken(system: System, { token, method }: Credential): Promise<Identified> {
  const known = await system.accounts.findToken(token);
  return known === undefined ? { refusal: unknownToken() } : callerOfToken(system, known, method);
}

/** As the token and the tenant's declaration are now. */
export async function callerOfToken(
  system: System,
  known: TokenFacts,
  method: Caller["method"],
): Promise<Identified> {
  const { tenantId, person, id, state, scope, environments } = known;
  const at = { tenantId, actor: person, tokenId: id };
  const another = "Make another: connectsoft token create <person>";
  const no = (code: Refusal["code"], message: string, next = another): Refused => ({
    refusal: { code, message, next },
    at,
  });
  if (state === "revoked") return no("TokenRevoked", `The token ${id} was revoked ${known.revokedAt}.`);
  if (state === "expired") return no("TokenExpired", `The token ${id} ended ${known.expiresAt}.`);
  const tenant = await system.tenants.get(tenantId);
  const holder = holderOf(tenant, person);
  if (holder === undefined)
    return no(
      "TokenRevoked",
      `The token ${id} belongs to ${person}, who is not of ${tenantId} any more.`,
      `Ask a StudioAdmin of ${tenantId}, if ${person} belongs there.`,
    );
  const limited = scope !== undefined || environments !== undefined;
  return {
    caller: {
      ...{ tenantId, person, roles: holder.roles, method },
      origin: { kind: "token", tokenId: id },
      ...(limited && { limits: { scope, environments } }),
      ...(person.startsWith(servicePrefix) && serviceKeys(await peopledAs(system, tenantId, tenant), holder)),
    },
  };
}

export function serviceKeys(
  { people }: Tenant,
  {
    owner,
    environments,
  }: { owner?: string | undefined; environments?: Caller["environmentRoles"] | undefined },
) {
  const there = people.some(({ id }) => id === owner);
  return {
    claims: [],
    ...(environments !== undefined && { environmentRoles: environments }),
    ...(owner !== undefined && there && { owner }),
  };
}

async function byProvider(
  system: System,
  { token, method, tenantId }: Credential,
  { issuer, audiences }: { issuer: string; audiences: string[] },
): Promise<Identified> {
  const all = await system.tenants.list();
  const tenants = all.filter(({ id }) => tenantId === undefined || id === tenantId);
  const trusting = tenants.filter(({ signIn }) => signIn !== undefined && signIn.issuer === issuer);
  const fitting = trusting.filter(({ signIn }) => audiences.includes(signIn?.audience ?? ""));
  const [tenant, second] = fitting.length > 0 ? fitting : trusting;
  if (tenant?.signIn === undefined) return { refusal: strangeIssuer() };
  if (second !== undefined) return { refusal: ambiguous() };
  const at = { tenantId: tenant.id, actor: "nobody" };
  try {
    const claims = await system.identity.verify(tenant.signIn, token);
    const claimed = claimedPerson(tenant.signIn, claims);
    // Also of who is let in no more: a group that is gone takes its votes along.
    await keepSignIn(system, tenant, { ...claimed, issuedAt: claims.iat });
    const origin: Origin = { kind: "provider", issuer, identities: identitiesIn(all, tenant.signIn, claims) };
    const { person, roles } = signedInPerson(tenant, tenant.signIn, claimed);
    return { caller: { tenantId: tenant.id, person, roles, method, origin } };
  } catch (error) {
    if (error instanceof RefusalError) return { refusal: error.refusal, at };
    throw error;
  }
}

/** In each tenant for which the token would have been verified in the same way, as that one reads its claims. */
function identitiesIn(tenants: Tenant[], verified: SignIn, claims: Claims): Identity[] {
  const way = ({ issuer, audience, algorithms }: SignIn) => JSON.stringify([issuer, audience, algorithms]);
  return tenants.flatMap(({ id: tenantId, signIn }) => {
    if (signIn === undefined || way(signIn) !== way(verified)) return [];
    try {
      return [{ tenantId, ...claimedPerson(signIn, claims) }];
    } catch (error) {
      if (error instanceof RefusalError) return [];
      throw error;
    }
  });
}

function unknownToken(): Refusal {
  return refuse(
    "TokenUnknown",
    "This token was never issued here.",
    "Make one: connectsoft token create <person>, or sign in: connectsoft login",
  ).refusal;
}

/** Which tenants trust whom makes no difference to the answer. */
function strangeIssuer(): Refusal {
  return refuse(
    "TokenInvalid",
    "The access token does not hold: no tenant here trusts its issuer.",
    "Use a token of the tenant's own provider: signIn.issuer in tenant.yaml.",
  ).refusal;
}

function ambiguous(): Refusal {
  return refuse(
    "TokenInvalid",
    "The access token is good for several tenants here.",
    "Name the one that is meant: x-connectsoft-tenant: <tenant>",
  ).refusal;
}
