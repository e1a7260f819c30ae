/** Namespaces: one a tenant and environment, unlike every other one, and short enough for a DNS label. */
import { digestOf } from "../canonical-json.ts";

export interface NamespaceAllocation {
  namespace: string;
  tenantId: string;
  environment: string;
}

const longest = 63;
const hashLength = 8;

/**
 * `<tenantId>-<environment>`; with a short hash behind it where that is another pair's (`a` + `b-c` and
 * `a-b` + `c`) or longer than a DNS label (2-contracts §1). A pair that is allocated keeps its namespace.
 */
export function allocateNamespace(
  pair: { tenantId: string; environment: string },
  allocated: readonly NamespaceAllocation[],
): string {
  const own = allocated.find((one) => one.tenantId === pair.tenantId && one.environment === pair.environment);
  if (own !== undefined) return own.namespace;
  const taken = new Set(allocated.map((one) => one.namespace));
  const plain = `${pair.tenantId}-${pair.environment}`;
  if (plain.length <= longest && !taken.has(plain)) return plain;
  for (let attempt = 0; ; attempt += 1) {
    const candidate = hashed(plain, [pair.tenantId, pair.environment, attempt]);
    if (!taken.has(candidate)) return candidate;
  }
}

const likelyAttempts = 16;

/** Whether it is a name that this pair may have been given, whoever was there first. */
export function isNamespaceOf(
  { tenantId, environment }: { tenantId: string; environment: string },
  namespace: string,
): boolean {
  const plain = `${tenantId}-${environment}`;
  if (namespace === plain) return plain.length <= longest;
  return Array.from({ length: likelyAttempts }, (_, attempt) =>
    hashed(plain, [tenantId, environment, attempt]),
  ).includes(namespace);
}

function hashed(plain: string, of: [string, string, number]): string {
  const hash = digestOf(of).slice("sha256:".length, "sha256:".length + hashLength);
  const room = plain.slice(0, longest - hashLength - 1).replace(/-+$/, "");
  return `${room}-${hash}`;
}
