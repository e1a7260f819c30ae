/** Roles that the product names by itself, where it asks somebody for help; a test holds them to the built-in policies. */
import type { Role } from "../tenant/role.ts";

/** Who may roll back. */
export const rollbackRoles: readonly Role[] = ["DevOpsEngineer", "Deployer", "StudioAdmin"];
