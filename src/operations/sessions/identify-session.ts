/** Whose session it is, as the tenant's declaration, the token or the sign-in that it stands on are now. */
import type { Identity, Origin } from "../../domain/access/session.ts";
import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import { signedInPerson } from "../../domain/tenant/signed-in-person.ts";
import type { SessionFacts } from "../../ports/sessions.ts";
import { callerOfToken, type Identified } from "../accounts/identify-caller.ts";
import type { Caller, System } from "../system.ts";

export interface Presented {
  secret: string;
  /** Another tenant of the same person, where their provider signs them in to several. */
  tenantId?: string | undefined;
}

export type IdentifiedSession =
  | { caller: Caller; session: SessionFacts }
  | Extract<Identified, { refusal: Refusal }>;

export async function identifySession(
  system: System,
  { secret, tenantId }: Presented,
): Promise<IdentifiedSession> {
  const session = await system.sessions.find(secret);
  if (session === undefined) return { refusal: over("This session is not known here.") };
  const { state, endsAt, origin, ...holder } = session;
  if (state === "ended") return { refusal: over("This session was ended.") };
  if (state === "idle") return { refusal: over("This session ended as it was not used for hours.") };
  if (state === "over") return { refusal: over(`This session ended ${endsAt}.`) };
  const wanted = tenantId ?? holder.tenantId;
  const identified =
    origin.kind === "token"
      ? await byToken(system, { ...holder, tokenId: origin.tokenId })
      : await bySignIn(system, origin, wanted);
  if ("refusal" in identified) return identified;
  if (identified.caller.tenantId !== wanted) return { refusal: elsewhere(wanted) };
  return { caller: { ...identified.caller, origin }, session };
}

/** The tenants that a session may be used in, its own first. */
export function tenantsOf({ tenantId, origin }: Pick<SessionFacts, "tenantId" | "origin">): string[] {
  if (origin.kind === "token") return [tenantId];
  return [...new Set([tenantId, ...origin.identities.map((identity) => identity.tenantId)])];
}

async function byToken(
  system: System,
  { tenantId, person, tokenId }: { tenantId: string; person: string; tokenId: string },
): Promise<Identified> {
  const token = await system.accounts.findTokenById(tenantId, tokenId);
  if (token !== undefined && token.person === person) return callerOfToken(system, token, "studio");
  return { refusal: over("The token that this session was begun with is not known any more.") };
}

async function bySignIn(
  system: System,
  { issuer, identities }: Extract<Origin, { kind: "provider" }>,
  tenantId: string,
): Promise<Identified> {
  const identity = identities.find((one) => one.tenantId === tenantId);
  if (identity === undefined) return { refusal: elsewhere(tenantId) };
  const tenant = await system.tenants.get(tenantId);
  if (tenant.signIn?.issuer !== issuer)
    return { refusal: over(`${tenantId} does not sign people in at ${issuer} any more.`) };
  try {
    const { person, roles } = signedInPerson(tenant, tenant.signIn, identity);
    return { caller: { tenantId, person, roles, method: "studio" } };
  } catch (error) {
    if (error instanceof RefusalError) return { refusal: error.refusal, at: at(identity) };
    throw error;
  }
}

function at({ tenantId, person }: Identity) {
  return { tenantId, actor: person };
}

function elsewhere(tenantId: string): Refusal {
  return refuse(
    "TenantForbidden",
    `There is no tenant ${tenantId} for you here.`,
    "Choose one of your own, or sign in to that one.",
  ).refusal;
}

function over(message: string): Refusal {
  return refuse("SessionExpired", message, "Sign in again; what you typed is still in your page.").refusal;
}
