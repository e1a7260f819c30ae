/** Tokens of Microsoft Entra ID for Key Vault: by a client's secret, or of the machine's own managed identity. */
import { z } from "zod";
import type { AzureSettings } from "../../../domain/tenant/vault-settings.ts";
import { ask, contentOf, type Line } from "../ask.ts";
import { goodFor, type Token } from "../hold-token.ts";
import { type CredentialGround, readCredential } from "../read-credential.ts";

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const resource = "https://vault.azure.net";

export async function azureToken(
  { auth }: AzureSettings,
  line: Line,
  ground: CredentialGround,
): Promise<Token> {
  const question =
    auth.method === "managed-identity" ? askMachine(auth, ground.env) : await askDirectory(auth, ground);
  const { access_token, expires_in } = contentOf(line, await ask(line, question), granted);
  return { value: access_token, untilMs: goodFor(expires_in) };
}

type Auth = AzureSettings["auth"];

async function askDirectory(auth: Extract<Auth, { method: "client-secret" }>, ground: CredentialGround) {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: auth.clientId,
    client_secret: await readCredential(auth.clientSecret, ground),
    scope: `${resource}/.default`,
  });
  return {
    method: "POST" as const,
    url: new URL(`/${auth.directory}/oauth2/v2.0/token`, auth.authority).href,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  };
}

/** The instance metadata service, which is asked without encryption and on this machine only. */
function askMachine({ clientId }: Extract<Auth, { method: "managed-identity" }>, env: NodeJS.ProcessEnv) {
  const host = env.AZURE_POD_IDENTITY_AUTHORITY_HOST || "http://169.254.169.254";
  const url = new URL("/metadata/identity/oauth2/token", host);
  url.searchParams.set("api-version", "2018-02-01");
  url.searchParams.set("resource", resource);
  if (clientId !== undefined) url.searchParams.set("client_id", clientId);
  return { method: "GET" as const, url: url.href, headers: { metadata: "true" } };
}
