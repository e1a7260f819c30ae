import type { TargetName, Tenant } from "../tenant/tenant.ts";

/** Where an environment's releases run; an environment that the tenant does not declare any more keeps the default. */
export function runtimeOf(
  { environments }: Pick<Tenant, "environments">,
  environment: string,
): { target: TargetName; image?: string } {
  const declared = environments.find(({ id }) => id === environment);
  const image = declared?.target === "container" ? declared.container?.image : undefined;
  return { target: declared?.target ?? "process", ...(image !== undefined && { image }) };
}
