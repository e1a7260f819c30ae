/** As whom this account is signed in at a server, with an access token that is good now. */
import { clientSecretOf } from "./client-secret.ts";
import { keepSignIn, keptSignIn } from "./kept-sign-ins.ts";

/** Refreshed so long before it ends that a call made now is answered. */
const earlyMs = 30_000;

/** Undefined where nobody is signed in; refuses with TokenExpired where the provider gives no further token. */
export async function signedIn(
  env: NodeJS.ProcessEnv,
  server: string,
): Promise<{ token: string; tenantId: string } | undefined> {
  const kept = await keptSignIn(env, server);
  if (kept === undefined) return undefined;
  const { offer, tokens } = kept;
  const { tenantId } = offer;
  const { refreshToken, expiresAt, accessToken } = tokens;
  const good = expiresAt === undefined || Date.parse(expiresAt) - Date.now() > earlyMs;
  if (good || refreshToken === undefined) return { token: accessToken, tenantId };
  try {
    const { refresh } = await import("./provider-client.ts");
    const renewed = await refresh(offer, refreshToken, await clientSecretOf(env, offer));
    await keepSignIn(env, server, { offer, tokens: renewed });
    return { token: renewed.accessToken, tenantId };
  } catch (error) {
    // Another command may have used the refresh token first: what it was given is as good.
    const now = await keptSignIn(env, server);
    if (now !== undefined && now.tokens.accessToken !== accessToken)
      return { token: now.tokens.accessToken, tenantId };
    throw error;
  }
}
