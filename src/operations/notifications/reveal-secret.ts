/** The newest value of a secret that a target names. */
import type { NotificationSecret } from "../../domain/notification/notification-settings.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Settings } from "../../ports/settings.ts";

export function revealerOf(settings: Pick<Settings, "listSecrets" | "revealSecrets">, tenantId: string) {
  return async ({ secret, environment, module }: NotificationSecret): Promise<string> => {
    const scope = { tenantId, environment, moduleId: module };
    const known = (await settings.listSecrets(scope)).find(({ name }) => name === secret);
    const value = known && (await settings.revealSecrets(scope, [known]))[secret];
    if (value !== undefined) return value;
    throw refuse(
      "SecretsMissing",
      `the secret ${secret} of ${environment} is not set for ${module}`,
      `Set it: connectsoft secret set ${secret} --env ${environment} --module ${module}`,
    );
  };
}
