/** The tenant of a fresh installation: one person who may do everything, production behind an approval. */
import type { Role, Tenant } from "./tenant.ts";
import { tenantSchema } from "./tenant.ts";

export const defaultTenantId = "local";

const firstRoles: Role[] = [
  "StudioAdmin",
  "ReleaseManager",
  "ProductOwner",
  "Developer",
  "Deployer",
  "DevOpsEngineer",
  "InfraAdmin",
];

/** `userName` is the operating system's; what does not fit a person's name is left out of it. */
export function defaultTenant(userName: string): Tenant {
  return tenantSchema.parse({
    id: defaultTenantId,
    people: [{ id: personNameFrom(userName), roles: firstRoles }],
    // 2-contracts §5: holds while there is one person, and ends for good with the second.
    separationOfDuties: "single-person",
    environments: [{ id: "staging" }, { id: "production" }],
    releasePolicy: { environments: { production: { requiresApproval: true } } },
  });
}

function personNameFrom(userName: string): string {
  const fit = userName
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._@-]/g, "")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 64);
  return fit === "" ? "owner" : fit;
}
