import type { TargetName, Tenant } from "../tenant/tenant.ts";

/** Where an environment's releases run; an environment that the tenant does not declare any more keeps the default. */
export function runtimeOf(
  { environments }: Pick<Tenant, "environments">,
  environment: string,
): { target: TargetName; image?: string } {
  return { target: environments.find(({ id }) => id === environment)?.target ?? "process" };
}
