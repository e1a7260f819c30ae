import type { ContainerEngine, TargetName, Tenant } from "../tenant/tenant.ts";

/** Where an environment's releases run; an environment that the tenant does not declare any more keeps the default. */
export function runtimeOf(
  { environments }: Pick<Tenant, "environments">,
  environment: string,
): { target: TargetName; image?: string; engine?: ContainerEngine } {
  const declared = environments.find(({ id }) => id === environment);
  const { image, engine } = (declared?.target === "container" && declared.container) || {};
  return {
    target: declared?.target ?? "process",
    ...(image !== undefined && { image }),
    ...(engine !== undefined && { engine }),
  };
}
