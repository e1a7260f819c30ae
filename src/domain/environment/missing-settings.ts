/** What a module says it needs and nobody has set yet: told when it is planned, held by a gate when it is released. */
export interface MissingSetting {
  name: string;
  message: string;
  /** The command that sets it. */
  next: string;
}

export function missingSettings(
  { environment, moduleId, needs }: Place,
  set: { config: readonly string[]; secrets: readonly string[] },
): MissingSetting[] {
  const known = new Set([...set.config, ...set.secrets]);
  const missing = (kind: "config" | "secret", names: readonly string[]) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({
        name,
        message: `${moduleId} needs the ${kind === "secret" ? "secret" : "configuration"} ${name} in ${environment}, not set yet.`,
        next: `Set it: connectsoft ${kind} set ${name} --env ${environment} --module ${moduleId}`,
      }));
  return [...missing("secret", needs.secrets), ...missing("config", needs.config)];
}

interface Place {
  environment: string;
  moduleId: string;
  needs: { config: string[]; secrets: string[] };
}
