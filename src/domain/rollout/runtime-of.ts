import { type ContainerWishes, containerWishes } from "../tenant/container-settings.ts";
import type { TargetName, Tenant } from "../tenant/tenant.ts";
import type { SecretsAs } from "../vault/secrets-as.ts";

/** Where an environment's releases run; an environment that the tenant does not declare any more keeps the default. */
export function runtimeOf(
  { environments }: Pick<Tenant, "environments">,
  environment: string,
): { target: TargetName; secretsAs?: SecretsAs } & ContainerWishes {
  const {
    target = "process",
    container,
    secretsAs,
  } = environments.find(({ id }) => id === environment) ?? {};
  return {
    target,
    ...(secretsAs !== undefined && { secretsAs }),
    ...(target === "container" && container !== undefined && containerWishes(container)),
  };
}
