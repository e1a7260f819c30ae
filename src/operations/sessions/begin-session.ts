/** Begins a person's session in a browser, with an access token or the code of a link; and ends it. */
import { z } from "zod";
import { type Refusal, refuse } from "../../domain/refusal.ts";
import { servicePrefix } from "../../domain/tenant/service-accounts.ts";
import type { SessionFacts } from "../../ports/sessions.ts";
import { identifyCaller, type Refused } from "../accounts/identify-caller.ts";
import type { Caller, System } from "../system.ts";
import { identifySession } from "./identify-session.ts";

export const beginSessionInput = z.union([
  z.strictObject({
    /** An access token, made here or by the tenant's provider. */
    token: z.string().min(1).max(16_384),
    /** Where a provider's token is good for several. */
    tenantId: z.string().max(63).optional(),
  }),
  z.strictObject({
    /** Of a sign-in link. */
    code: z.string().min(1).max(100),
  }),
]);

export interface BegunSession {
  caller: Caller;
  session: SessionFacts;
  /** For the browser alone. */
  secret: string;
}

export async function beginSession(
  system: System,
  given: z.output<typeof beginSessionInput>,
  agent: string,
): Promise<BegunSession | Refused> {
  const shown = "code" in given ? await byLink(system, given.code) : await byToken(system, given);
  if ("refusal" in shown) return shown;
  const begun = await system.sessions.begin({ ...shown, agent });
  const identified = await identifySession(system, { secret: begun.secret });
  if ("refusal" in identified) return identified;
  const { tenantId, person } = begun.session;
  const data = { session: begun.session.id, with: "code" in given ? "link" : shown.origin.kind };
  await system.journal.append(tenantId, [{ act: "SessionBegun", actor: person, data }]);
  return { ...identified, secret: begun.secret };
}

/** Of somebody who signs out. Asked again it changes nothing. */
export async function endSession(
  system: System,
  { tenantId, person, id }: Pick<SessionFacts, "tenantId" | "person" | "id">,
  by = person,
): Promise<void> {
  const ended = await system.sessions.end(tenantId, id, by);
  const data = { session: id, person };
  if (ended) await system.journal.append(tenantId, [{ act: "SessionEnded", actor: by, data }]);
}

async function byLink(system: System, code: string) {
  return (await system.sessions.takeLink(code)) ?? { refusal: spentLink() };
}

async function byToken(
  system: System,
  { token, tenantId }: { token: string; tenantId?: string | undefined },
) {
  const identified = await identifyCaller(system, { token, method: "studio", tenantId });
  if ("refusal" in identified) return identified;
  const { caller } = identified;
  if (caller.person.startsWith(servicePrefix) || caller.origin === undefined)
    return { refusal: noPerson(caller), at: { tenantId: caller.tenantId, actor: caller.person } };
  return { tenantId: caller.tenantId, person: caller.person, origin: caller.origin };
}

function noPerson({ person }: Caller): Refusal {
  return refuse(
    "TokenScope",
    `Sessions are for people; ${person} calls with its token.`,
    "Sign in with a token of your own: connectsoft token create <person>",
  ).refusal;
}

/** Whether it was used, is too old or never was makes no difference to who brings it. */
function spentLink(): Refusal {
  return refuse(
    "TokenExpired",
    "This sign-in link was used before, or it is too old: each is good once, for 15 minutes.",
    "Make another: connectsoft studio",
  ).refusal;
}
