/** Tokens of HashiCorp Vault and OpenBao: one that was given, or one for an AppRole or a service account of Kubernetes. */
import { z } from "zod";
import type { KeyValueSettings } from "../../../domain/tenant/vault-settings.ts";
import { ask, contentOf, type Line } from "../ask.ts";
import { goodFor, type Token } from "../hold-token.ts";
import { type CredentialGround, readCredential } from "../read-credential.ts";

const loggedIn = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: z.number() }),
});
/** A token that was given may be exchanged for another at any time, where it is kept. */
const givenSeconds = 60;
const endlessSeconds = 3_600;

export async function logIn(
  { address, namespace, auth }: KeyValueSettings,
  line: Line,
  ground: CredentialGround,
): Promise<Token> {
  if (auth.method === "token")
    return { value: await readCredential(auth.token, ground), untilMs: goodFor(givenSeconds) };
  const body =
    auth.method === "approle"
      ? { role_id: auth.roleId, secret_id: await readCredential(auth.secretId, ground) }
      : { role: auth.role, jwt: await readCredential(auth.jwt, ground) };
  const answer = await ask(line, {
    method: "POST",
    url: new URL(`/v1/auth/${auth.mount}/login`, address).href,
    headers: {
      "content-type": "application/json",
      "x-vault-request": "true",
      ...(namespace !== undefined && { "x-vault-namespace": namespace }),
    },
    body: JSON.stringify(body),
  });
  const { client_token, lease_duration } = contentOf(line, answer, loggedIn).auth;
  return { value: client_token, untilMs: goodFor(lease_duration || endlessSeconds) };
}
