/** What to do about a setting that is not set: a secret may lie in a vault outside, where others than we write too. */
export interface UnsetSetting {
  kind: "config" | "secret";
  name: string;
  environment: string;
  moduleId: string;
  /** Where the module's secrets are, in words; absent: in the store of this installation. */
  vault?: string | undefined;
}

export function howToSet({ kind, name, environment, moduleId, vault }: UnsetSetting): string {
  const command = `connectsoft ${kind} set ${name} --env ${environment} --module ${moduleId}`;
  return kind === "secret" && vault !== undefined
    ? `Set it in ${vault}, or: ${command}`
    : `Set it: ${command}`;
}
