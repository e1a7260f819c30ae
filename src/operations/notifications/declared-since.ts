/** Since when a target is declared without a break: what happened before is no news to it, and nothing after is left out. */
import { parse } from "yaml";
import type { Tenants } from "../../ports/tenants.ts";

export async function declaredSince(
  tenants: Pick<Tenants, "versions">,
  { tenantId, targetId }: { tenantId: string; targetId: string },
): Promise<string> {
  const versions = await tenants.versions(tenantId);
  const lastWithout = versions.findLastIndex(({ text }) => !names(text, targetId));
  const first = versions[lastWithout + 1] ?? versions.at(-1);
  return first?.at ?? new Date(0).toISOString();
}

/** Read as plain YAML: an old version need not be one that would be taken today. */
function names(text: string, targetId: string): boolean {
  const declared = (parse(text) as { notifications?: unknown } | null)?.notifications;
  return Array.isArray(declared) && declared.some((one: { id?: unknown } | null) => one?.id === targetId);
}
