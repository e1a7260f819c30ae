import { refuse } from "../domain/refusal.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";

/** The environments that were asked for, in the tenant's order; none asked for: all of them. */
export function promotionPath(tenant: Tenant, asked: string[] | undefined): string[] {
  const path = tenant.environments.map((environment) => environment.id);
  if (asked === undefined || asked.length === 0) return path;
  const unknown = asked.find((environment) => !path.includes(environment));
  if (unknown !== undefined)
    throw refuse(
      "InputInvalid",
      `environment: ${unknown} is not declared by ${tenant.id}; it has ${path.join(", ")}.`,
      "Declare it in tenant.yaml, or name one of these.",
    );
  return path.filter((environment) => asked.includes(environment));
}
