/**
 * The secret of a client whose provider insists on one, from where tenant.yaml says that it is on this machine. What a
 * server may name is narrow: it gets no other secret of this account sent to a provider of its choice.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { refuse } from "../../domain/refusal.ts";
import type { SignInOffer } from "../../operations/accounts/find-sign-in.ts";
import { configFolder } from "./config-folder.ts";

type Offer = Pick<SignInOffer, "tenantId" | "clientSecretEnv" | "clientSecretFile">;

/** Undefined where nobody asks for one; refuses with SecretsMissing where it is not there. */
export async function clientSecretOf(
  env: NodeJS.ProcessEnv,
  { tenantId, clientSecretEnv = "CONNECTSOFT_CLIENT_SECRET", clientSecretFile }: Offer,
): Promise<string | undefined> {
  if (clientSecretFile === undefined) {
    const value = env[clientSecretEnv];
    if (value || clientSecretEnv === "CONNECTSOFT_CLIENT_SECRET") return value || undefined;
    throw missing(tenantId, `the environment variable ${clientSecretEnv} is not set`);
  }
  const file = path.join(configFolder(env), clientSecretFile);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw missing(tenantId, `${file} cannot be read (${error.code})`);
  });
  if (text.trim() !== "") return text.trim();
  throw missing(tenantId, `${file} is empty`);
}

function missing(tenantId: string, why: string) {
  return refuse(
    "SecretsMissing",
    `The provider of ${tenantId} wants a client secret, and ${why}.`,
    "Ask who registered the client for it, put it there, and sign in again: connectsoft login",
  );
}
