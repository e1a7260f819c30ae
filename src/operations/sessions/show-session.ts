/** What a page has to know of whoever is signed in. */
import type { TokenLimits } from "../../domain/access/access-token.ts";
import type { Role } from "../../domain/tenant/role.ts";
import type { SessionFacts } from "../../ports/sessions.ts";
import type { Caller, System } from "../system.ts";
import { tenantsOf } from "./identify-session.ts";

export interface SessionView {
  /** The session's id, as it is listed and revoked. */
  id: string;
  person: string;
  tenantId: string;
  /** That the person may change to: by `x-connectsoft-tenant` with each request. */
  tenants: string[];
  roles: Role[];
  /** Held in one environment only. */
  environmentRoles: Record<string, Role[]>;
  claims: string[];
  /** What the token is good for that the session was begun with; null: all that the roles allow. */
  limits: { scope: string[] | null; environments: string[] | null } | null;
  /** At the latest; ISO 8601. */
  expiresAt: string;
}

export async function showSession(
  system: System,
  { tenantId, person, roles, environmentRoles, claims, limits }: Caller,
  session: SessionFacts,
): Promise<SessionView> {
  const { people } = await system.tenants.get(tenantId);
  const declared = people.find(({ id }) => id === person);
  return {
    id: session.id,
    person,
    tenantId,
    tenants: tenantsOf(session),
    roles,
    environmentRoles: environmentRoles ?? declared?.environments ?? {},
    claims: claims ?? declared?.claims ?? [],
    limits: limits === undefined ? null : limitsOf(limits),
    expiresAt: session.endsAt,
  };
}

function limitsOf({ scope, environments }: TokenLimits): SessionView["limits"] {
  return {
    scope: scope === undefined ? null : [...scope],
    environments: environments === undefined ? null : [...environments],
  };
}
