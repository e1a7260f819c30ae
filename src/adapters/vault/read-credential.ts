/**
 * What lets the server into a tenant's vault. A tenant names variables and files that are its own and nothing else
 * of the server, since what they hold is sent to an address that the tenant names too.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../domain/refusal.ts";
import type { Credential } from "../../domain/tenant/vault-settings.ts";

export interface CredentialGround {
  env: NodeJS.ProcessEnv;
  /** Holds a folder for each tenant. */
  folder: string;
  tenantId: string;
}

/** Refuses with InvalidNamespaceAccess what is another tenant's, and with SecretsMissing what is not there. */
export async function readCredential(credential: Credential, ground: CredentialGround): Promise<string> {
  const { env, folder, tenantId } = ground;
  if ("env" in credential) {
    const own = `CONNECTSOFT_VAULT_${tenantId.toUpperCase().replaceAll("-", "_")}`;
    const name = credential.env;
    // The last two underscores end the tenant's part: a name holds no two of them.
    if (name.slice(0, name.lastIndexOf("__")) !== own)
      throw refuse(
        "InvalidNamespaceAccess",
        `${name} is no variable of tenant ${tenantId}: those are called ${own}__<NAME>.`,
        "Name one of these in environments[].vault.",
      );
    return given(env[name], `the server has no variable ${name}`);
  }
  const path = join(folder, tenantId, credential.file);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "EACCES" || error.code === "EISDIR") return undefined;
    throw error;
  });
  return given(text, `the server cannot read the file ${path}`);
}

function given(text: string | undefined, problem: string): string {
  const value = text?.trim() ?? "";
  if (value !== "") return value;
  throw refuse("SecretsMissing", `${problem}, which lets it into the vault.`, "Give it to the server.");
}
