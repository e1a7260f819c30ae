/** Sessions that there are, and links that begin one: each person's own, and everybody's for who manages tokens. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { servicePrefix } from "../../domain/tenant/service-accounts.ts";
import type { SessionFacts } from "../../ports/sessions.ts";
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { endSession } from "./begin-session.ts";

export interface SessionLine {
  id: string;
  person: string;
  /** What it was begun with. */
  with: "token" | "provider";
  /** The browser, in its own words. */
  agent: string;
  beganAt: string;
  lastUsedAt: string;
  endsAt: string;
}

export const listSessionsInput = z.object({ all: z.stringbool().or(z.boolean()).default(false) });

/** One's own that are good; of everybody for who manages tokens. */
export async function listSessions(
  system: System,
  caller: Caller,
  { all }: z.output<typeof listSessionsInput>,
): Promise<SessionLine[]> {
  if (all) await permit(system, caller, { action: "token" });
  const found = await system.sessions.list(caller.tenantId, all ? undefined : caller.person);
  return found.map(lineOf);
}

export const revokeSessionInput = z.object({
  id: z.string().regex(/^ses-[0-9a-f]{16}$/, "expected an id such as ses-0123456789abcdef"),
});

/** From here on it is refused. */
export async function revokeSession(
  system: System,
  caller: Caller,
  { id }: z.output<typeof revokeSessionInput>,
): Promise<{ id: string; person: string }> {
  const { tenantId } = caller;
  const found = (await system.sessions.list(tenantId)).find((session) => session.id === id);
  await permit(system, caller, { action: "token", own: found?.person === caller.person });
  if (found === undefined)
    throw refuse(
      "NotFound",
      `${tenantId} has no session ${id} that is good.`,
      "See what there is: connectsoft session ls --all",
    );
  await endSession(system, found, caller.person);
  return { id, person: found.person };
}

export const makeSignInLinkInput = z.object({});

export interface SignInLink {
  /** Behind the `#` of `/sign-in`; good once. */
  code: string;
  person: string;
  /** ISO 8601. */
  endsAt: string;
}

/** A link that signs the caller in with a browser, once and soon. The session stands on what the caller showed. */
export async function makeSignInLink(
  { sessions }: System,
  { tenantId, person, origin }: Caller,
): Promise<SignInLink> {
  if (origin === undefined || person.startsWith(servicePrefix))
    throw refuse(
      "TokenScope",
      `Sessions are for people; ${person} calls with its token.`,
      "Ask for a link as a person: connectsoft studio",
    );
  return { person, ...(await sessions.makeLink({ tenantId, person, origin })) };
}

function lineOf({ id, person, origin, agent, beganAt, lastUsedAt, endsAt }: SessionFacts): SessionLine {
  return { id, person, with: origin.kind, agent, beganAt, lastUsedAt, endsAt };
}
