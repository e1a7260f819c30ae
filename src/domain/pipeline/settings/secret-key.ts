/** Where a secret lies: names that the chart, the secret map and the cloud's vault agree on. */
import { sha256Hex } from "../../canonical-json.ts";

/** Azure Key Vault takes 127 letters, digits and hyphens, and does not tell upper from lower case. */
const longest = 127;
const hashLength = 8;
/** Names that keep apart when `_` becomes `-`. */
const plainName = /^[A-Z][A-Z0-9]*(_{1,2}[A-Z0-9]+)*$/;

/** The vault of a tenant's environment. */
export function secretVault(tenantId: string, environment: string): string {
  return `${tenantId}-${environment}`;
}

/**
 * The name of a secret in its vault: `vetclinic-001--production--booking-service--DATABASE-PASSWORD`. It says its
 * whole scope, so that a store bound to the wrong vault finds nothing rather than another tenant's secret; with a
 * short hash behind it where two secrets could share the plain form, or it is too long.
 */
export function secretKey(tenantId: string, environment: string, moduleId: string, name: string): string {
  const scope = [tenantId, environment, moduleId];
  const plain = [...scope, name.replaceAll(/[^A-Za-z0-9]/g, "-")].join("--");
  const isPlain = plainName.test(name) && !scope.some((part) => part.includes("--"));
  if (isPlain && plain.length <= longest) return plain;
  const hash = sha256Hex([...scope, name].join("\n")).slice(0, hashLength);
  return `${plain.slice(0, longest - hashLength - 1).replace(/-+$/, "")}-${hash}`;
}
