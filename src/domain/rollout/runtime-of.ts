import { type ContainerWishes, containerWishes } from "../tenant/container-settings.ts";
import type { TargetName, Tenant } from "../tenant/tenant.ts";

/** Where an environment's releases run; an environment that the tenant does not declare any more keeps the default. */
export function runtimeOf(
  { environments }: Pick<Tenant, "environments">,
  environment: string,
): { target: TargetName } & ContainerWishes {
  const { target = "process", container } = environments.find(({ id }) => id === environment) ?? {};
  return { target, ...(target === "container" && container !== undefined && containerWishes(container)) };
}
