/** What a tenant declares, part by part, for those who administer it. The whole text is `showTenant`'s. */
import { z } from "zod";
import { servicePrefix } from "../../domain/tenant/service-accounts.ts";
import type { Role } from "../../domain/tenant/tenant.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";

export const describeTenantInput = z.object({});

export interface TenantParts {
  tenantId: string;
  /** How many people it takes: `single-person` lets one approve what is their own. */
  separationOfDuties: "strict" | "single-person";
  people: DeclaredPerson[];
  serviceAccounts: DeclaredService[];
  /** In the order of promotion. */
  environments: DeclaredEnvironment[];
  /** Cedar statements beside the built-in ones. */
  policies: { id: string; cedar: string }[];
  compliance: { regulated: boolean; environments: string[]; modules: string[]; traces: string[] };
  producers: EvidenceProducer[];
  /** Where people sign in with their organisation's account; absent: with tokens alone. */
  signIn?: { issuer: string };
}

export interface DeclaredPerson {
  id: string;
  roles: Role[];
  /** Held in one environment only. */
  environmentRoles: Record<string, Role[]>;
  claims: string[];
  emails: string[];
  /** How many public keys sign for them. */
  keys: number;
  /** `groups`: by their groups at the last sign-in, and not by name. */
  from: "tenant.yaml" | "groups";
}

export interface DeclaredService {
  /** `service:<id>`, as tokens name it. */
  id: string;
  roles: Role[];
  environmentRoles: Record<string, Role[]>;
  /** On whose authority it hands over. */
  owner?: string;
}

export interface DeclaredEnvironment {
  id: string;
  target: string;
}

export interface EvidenceProducer {
  id: string;
  kinds: string[];
  /** Whose token alone may state it; absent: anybody's with the right. */
  tokenOf?: string;
}

export async function describeTenant(system: System, { tenantId }: Caller): Promise<TenantParts> {
  const [declared, peopled] = await Promise.all([
    system.tenants.get(tenantId),
    peopledTenant(system, tenantId),
  ]);
  const named = new Set(declared.people.map(({ id }) => id));
  const { separationOfDuties, policies, compliance, evidence, signIn } = declared;
  return {
    ...{ tenantId, separationOfDuties, policies, compliance },
    people: peopled.people.map(({ id, roles, environments = {}, claims = [], emails = [], keys = [] }) => ({
      ...{ id, roles, claims, emails, environmentRoles: environments, keys: keys.length },
      from: named.has(id) ? "tenant.yaml" : "groups",
    })),
    serviceAccounts: declared.serviceAccounts.map(({ id, roles, environments = {}, owner }) => ({
      ...{ id: servicePrefix + id, roles, environmentRoles: environments },
      ...(owner !== undefined && { owner }),
    })),
    environments: declared.environments.map(({ id, target }) => ({ id, target })),
    producers: evidence.producers.map(({ id, kinds, tokenOf }) => ({
      ...{ id, kinds },
      ...(tokenOf !== undefined && { tokenOf }),
    })),
    ...(signIn !== undefined && { signIn: { issuer: signIn.issuer } }),
  };
}
