/** Sees to it that there is a tenant, and a person on whose behalf the command line of this host calls. */
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { sha256 } from "../domain/canonical-json.ts";
import { appliedEntry } from "../domain/policy/proposal.ts";
import { defaultTenant } from "../domain/tenant/default-tenant.ts";
import { parseTenant } from "../domain/tenant/parse-tenant.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import type { System } from "../operations/system.ts";
import type { Accounts, Principal } from "../ports/accounts.ts";
import { placesIn } from "./data-directory.ts";
import { writePrivateFile } from "./write-private-file.ts";

/**
 * `tenant.yaml` of the data directory is put in force when it is new, and once: what people changed since is not taken
 * back by the next start. Without one the first start makes the default tenant.
 */
export async function ensureTenant(
  { tenants, journal }: Pick<System, "tenants" | "journal">,
  dataDirectory: string,
): Promise<Tenant> {
  const file = placesIn(dataDirectory).tenantFile;
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined) {
    const tenant = parseTenant(text, file);
    if ((await tenants.versions(tenant.id)).some(({ digest }) => digest === sha256(text)))
      return tenants.get(tenant.id);
    await tenants.put(tenant, "tenant.yaml", text);
    const { version, digest } = await tenants.declaration(tenant.id);
    const how = "tenant.yaml of the server's data directory";
    await journal.append(tenant.id, [
      appliedEntry("tenant.yaml", { version, digest, asks: "tenant", how, reason: "", changes: [] }),
    ]);
    return tenant;
  }
  const [known] = await tenants.list();
  if (known !== undefined) return known;
  const tenant = defaultTenant(userName());
  await tenants.put(tenant, tenant.people[0]?.id ?? "installation");
  return tenant;
}

/** The token that programs of this account use: the one of before where it is still good. */
export async function ensureLocalToken(
  accounts: Accounts,
  tenant: Tenant,
  dataDirectory: string,
): Promise<string> {
  const principal = localPerson(tenant);
  const file = placesIn(dataDirectory).token;
  const kept = (await readFile(file, "utf8").catch(() => "")).trim();
  const known = kept === "" ? undefined : await accounts.findToken(kept);
  const own = known?.tenantId === principal.tenantId && known.person === principal.person;
  if (own && known.state === "good") return kept;
  const token = await accounts.issueToken(principal, "command line of the server's host");
  await writePrivateFile(file, `${token}\n`);
  return token;
}

/** The account's own person, else the first who may administrate, else the first. */
function localPerson(tenant: Tenant): Principal {
  const [own] = defaultTenant(userName()).people;
  const person =
    tenant.people.find(({ id }) => id === own?.id) ??
    tenant.people.find(({ roles }) => roles.includes("StudioAdmin")) ??
    tenant.people[0];
  return { tenantId: tenant.id, person: person?.id ?? "" };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as in some containers.
    return "owner";
  }
}
