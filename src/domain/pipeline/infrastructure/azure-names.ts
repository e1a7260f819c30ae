/**
 * Names of Azure resources within Azure's limits: learn.microsoft.com, "Naming rules and restrictions for Azure
 * resources". A name that does not fit is shortened, with a hash of the whole behind it: two never become one.
 */
import { sha256Hex } from "../../canonical-json.ts";

interface Limit {
  shortest: number;
  longest: number;
  /** Whether hyphens may stand in it. */
  hyphens: boolean;
  /** Whether it has to begin with a letter. */
  letterFirst: boolean;
}

const limits = {
  resourceGroup: { shortest: 1, longest: 90, hyphens: true, letterFirst: false },
  keyVault: { shortest: 3, longest: 24, hyphens: true, letterFirst: true },
  managedIdentity: { shortest: 3, longest: 128, hyphens: true, letterFirst: false },
  privateEndpoint: { shortest: 2, longest: 64, hyphens: true, letterFirst: false },
  postgresql: { shortest: 3, longest: 63, hyphens: true, letterFirst: true },
  postgresqlDatabase: { shortest: 1, longest: 63, hyphens: true, letterFirst: true },
  redis: { shortest: 1, longest: 60, hyphens: true, letterFirst: true },
  storageAccount: { shortest: 3, longest: 24, hyphens: false, letterFirst: false },
  storageContainer: { shortest: 3, longest: 63, hyphens: true, letterFirst: false },
  serviceBusNamespace: { shortest: 6, longest: 50, hyphens: true, letterFirst: true },
  serviceBusQueue: { shortest: 1, longest: 260, hyphens: true, letterFirst: false },
} satisfies Record<string, Limit>;
export type AzureKind = keyof typeof limits;

const hashLength = 8;

/** `parts` are slugs, joined by hyphens where the kind allows them: `vetclinic-001-production-booking-service`. */
export function azureName(kind: AzureKind, parts: readonly string[]): string {
  const limit = limits[kind];
  const plain = parts.join("-");
  if (fits(plain, limit)) return plain;
  const hash = sha256Hex([kind, ...parts].join("\n")).slice(0, hashLength);
  const separator = limit.hyphens ? "-" : "";
  const allowed = limit.hyphens ? plain.replaceAll(/-{2,}/g, "-") : plain.replaceAll("-", "");
  const begun = limit.letterFirst && !/^[a-z]/.test(allowed) ? `m${allowed}` : allowed;
  const room = limit.longest - hashLength - separator.length;
  return `${begun.slice(0, room).replace(/-+$/, "")}${separator}${hash}`;
}

function fits(name: string, { hyphens, letterFirst, longest, shortest }: Limit): boolean {
  const form = hyphens ? /^[a-z0-9]+(-[a-z0-9]+)*$/ : /^[a-z0-9]+$/;
  if (name.length < shortest || name.length > longest || !form.test(name)) return false;
  // Service Bus keeps these two endings for itself.
  return (!letterFirst || /^[a-z]/.test(name)) && !/-(sb|mgmt)$/.test(name);
}
