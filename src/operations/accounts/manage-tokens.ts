/** Access tokens of people and service accounts: made, listed, revoked. What they reach is theirs to narrow, never to widen. */
import { z } from "zod";
import {
  reachesAsFar,
  type TokenLimits,
  tokenIdOf,
  tokenLimitsSchema,
} from "../../domain/access/access-token.ts";
import { formatDuration, parseDuration } from "../../domain/flow/duration.ts";
import { plainJson } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import { servicePrefix } from "../../domain/tenant/service-accounts.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { TokenFacts } from "../../ports/accounts.ts";
import { permit } from "../permit.ts";
import { promotionPath } from "../promotion-path.ts";
import type { Caller, System } from "../system.ts";

export type { TokenFacts };

const usualLife = "90d";
const longestLife = "366d";

export const createTokenInput = tokenLimitsSchema.extend({
  /** A person, or `service:<id>`. */
  person: z.string().min(1).max(80),
  label: z.string().max(200).default("made on the command line"),
  expires: z.string().max(20).default(usualLife),
});

export interface IssuedToken {
  id: string;
  person: string;
  expiresAt: string;
  token: string;
}

/** A token for a person or service account of the tenant; one's own needs no role. It is shown once. */
export async function createToken(
  system: System,
  caller: Caller,
  input: z.input<typeof createTokenInput>,
): Promise<IssuedToken> {
  const { person, label, expires, ...limits } = createTokenInput.parse(input);
  const tenant = await system.tenants.get(caller.tenantId);
  await permit(system, caller, { action: "token", own: isOwn(tenant, caller, person) });
  requireHolder(tenant, person);
  promotionPath(tenant, limits.environments);
  requireReach(caller, limits);
  const expiresAt = endOf(system.clock.now(), expires);
  const terms = { ...limits, expiresAt, issuedBy: caller.person };
  const token = await system.accounts.issueToken({ tenantId: tenant.id, person }, label, terms);
  const id = tokenIdOf(token);
  const data = plainJson({ token: id, person, label, expiresAt, ...limits });
  await system.journal.append(tenant.id, [{ act: "TokenIssued", actor: caller.person, data }]);
  return { id, person, expiresAt, token };
}

export const listTokensInput = z.object({ all: z.stringbool().or(z.boolean()).default(false) });

/** One's own; of everybody for who manages tokens. */
export async function listTokens(
  system: System,
  caller: Caller,
  { all }: z.output<typeof listTokensInput>,
): Promise<TokenFacts[]> {
  if (all) await permit(system, caller, { action: "token" });
  return system.accounts.listTokens(caller.tenantId, all ? undefined : caller.person);
}

export const revokeTokenInput = z.object({
  id: z.string().regex(/^tok-[0-9a-f]{16}$/, "expected an id such as tok-0123456789abcdef"),
});

/** From here on it is refused. Asked again it changes nothing. */
export async function revokeToken(
  system: System,
  caller: Caller,
  { id }: z.output<typeof revokeTokenInput>,
): Promise<{ id: string; person: string }> {
  const { tenantId } = caller;
  const found = (await system.accounts.listTokens(tenantId)).find((token) => token.id === id);
  const tenant = await system.tenants.get(tenantId);
  await permit(system, caller, {
    action: "token",
    own: found !== undefined && isOwn(tenant, caller, found.person),
  });
  if (found === undefined)
    throw refuse(
      "NotFound",
      `${tenantId} has no token ${id}.`,
      "See what there is: connectsoft token ls --all",
    );
  const ended = await system.accounts.revokeToken(tenantId, id, caller.person);
  const data = { token: id, person: found.person };
  if (ended) await system.journal.append(tenantId, [{ act: "TokenEnded", actor: caller.person, data }]);
  return { id, person: found.person };
}

/** A service account's tokens are its owner's to manage. */
function isOwn({ serviceAccounts }: Tenant, caller: Caller, person: string): boolean {
  if (person === caller.person) return true;
  const account = serviceAccounts.find(({ id }) => servicePrefix + id === person);
  return account?.owner !== undefined && account.owner === caller.person;
}

function requireHolder({ id: tenantId, people, serviceAccounts }: Tenant, person: string): void {
  const known = [...people.map(({ id }) => id), ...serviceAccounts.map(({ id }) => servicePrefix + id)];
  if (known.includes(person)) return;
  throw refuse(
    "NotFound",
    `${tenantId} has no person or service account ${person}.`,
    `It has ${known.join(", ")}; more are declared in tenant.yaml.`,
  );
}

function requireReach({ limits }: Caller, wanted: TokenLimits): void {
  if (limits === undefined || reachesAsFar(limits, wanted)) return;
  throw refuse(
    "TokenScope",
    "A token makes no token that reaches further than itself.",
    "Ask for --scope and --env within its own, or use a token without limits.",
  );
}

function endOf(now: Date, expires: string): string {
  const ms = parseDuration(expires);
  const longest = parseDuration(longestLife) ?? 0;
  if (ms !== undefined && ms > 0 && ms <= longest) return new Date(now.getTime() + ms).toISOString();
  throw refuse(
    "InputInvalid",
    `expires: expected a duration up to ${formatDuration(longest)}, such as 12h or ${usualLife}; found ${expires}.`,
    "Tokens end; make the next one before this one does.",
  );
}
