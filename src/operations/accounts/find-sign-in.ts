import type { SignIn } from "../../domain/tenant/sign-in.ts";
import type { System } from "../system.ts";

/** What a program has to know to sign a person in, and where a secret of the client is; none of it is secret. */
export type SignInOffer = Pick<
  SignIn,
  "issuer" | "clientId" | "scopes" | "parameters" | "clientSecretEnv" | "clientSecretFile"
> & {
  tenantId: string;
};

/** Of the tenant that is named, or the only one that has a provider. */
export async function findSignIn(
  { tenants }: System,
  tenantId: string | undefined,
): Promise<SignInOffer | undefined> {
  const offers = (await tenants.list()).flatMap(({ id, signIn }) =>
    signIn === undefined || (tenantId !== undefined && id !== tenantId) ? [] : [{ id, signIn }],
  );
  const [only, second] = offers;
  if (only === undefined || second !== undefined) return undefined;
  const { issuer, clientId, scopes, parameters, clientSecretEnv, clientSecretFile } = only.signIn;
  return {
    ...{ tenantId: only.id, issuer, clientId, scopes, parameters },
    ...(clientSecretEnv !== undefined && { clientSecretEnv }),
    ...(clientSecretFile !== undefined && { clientSecretFile }),
  };
}
