/** A secret may be marked with the scope that it belongs to; one that is marked as another's is nobody's here. */
import { refuse } from "../../domain/refusal.ts";
import { everyModule } from "../../domain/vault/fill-template.ts";
import type { SettingScope } from "../../ports/vault.ts";

const words = ["tenant", "environment", "module"] as const;

export function marksOf(scope: SettingScope, prefix = ""): Record<string, string> {
  const { tenantId, environment, moduleId = everyModule } = scope;
  return {
    [`${prefix}tenant`]: tenantId,
    [`${prefix}environment`]: environment,
    [`${prefix}module`]: moduleId,
  };
}

/** `needed`: what is not marked at all is refused too. Refuses with InvalidNamespaceAccess. */
export function checkMarks(
  scope: SettingScope,
  found: Record<string, string> | undefined,
  { what, prefix = "", needed }: { what: string; prefix?: string; needed: boolean },
): void {
  const expected = marksOf(scope, prefix);
  for (const word of words) {
    const key = `${prefix}${word}`;
    const mark = found?.[key];
    if (mark === expected[key] || (mark === undefined && !needed)) continue;
    throw refuse(
      "InvalidNamespaceAccess",
      `${what} is ${mark === undefined ? `not marked with ${key}` : `marked ${key}=${mark}`}, expected ${key}=${expected[key]}.`,
      "It is not read. Keep each scope's secrets under its own name, and mark them as its own.",
    );
  }
}
