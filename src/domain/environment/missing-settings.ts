import { howToSet } from "./how-to-set.ts";

/** What a module says it needs and nobody has set yet: told when it is planned, held by a gate when it is released. */
export interface MissingSetting {
  name: string;
  message: string;
  /** Where it is set, and the command that does. */
  next: string;
}

export function missingSettings(
  { environment, moduleId, needs, vault }: Place,
  set: { config: readonly string[]; secrets: readonly string[] },
): MissingSetting[] {
  const known = new Set([...set.config, ...set.secrets]);
  const missing = (kind: "config" | "secret", names: readonly string[]) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({
        name,
        message: `${moduleId} needs the ${kind === "secret" ? "secret" : "configuration"} ${name} in ${environment}, not set yet.`,
        next: howToSet({ kind, name, environment, moduleId, vault }),
      }));
  return [...missing("secret", needs.secrets), ...missing("config", needs.config)];
}

interface Place {
  environment: string;
  moduleId: string;
  needs: { config: string[]; secrets: string[] };
  /** Where the module's secrets are, where that is outside. */
  vault?: string | undefined;
}
