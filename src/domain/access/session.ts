/** A person's session in a browser: what it stands on, how long it lasts, and what shows that a request is of its own pages. */
import { sha256Hex } from "../canonical-json.ts";
import { parseDuration } from "../flow/duration.ts";

/** Who a provider says somebody is in a tenant: as claims of its token, read as that tenant's `signIn` says. */
export interface Identity {
  tenantId: string;
  person: string;
  groups: string[];
}

/** What a person showed to be known. A session that is made of it ends with it. */
export type Origin =
  | { kind: "token"; tokenId: string }
  | {
      kind: "provider";
      issuer: string;
      /** In each tenant that trusts this provider for the same token. */
      identities: Identity[];
    };

/** A link to sign in with is good for so long. */
export const linkLifeMs = parseDuration("15m") ?? 0;

const secretForm = /^css_[A-Za-z0-9_-]{43}$/;
const codeForm = /^csl_[A-Za-z0-9_-]{43}$/;
export const secretPrefix = "css_";
export const codePrefix = "csl_";

export function isSessionSecret(text: string): boolean {
  return secretForm.test(text);
}

export function isLinkCode(text: string): boolean {
  return codeForm.test(text);
}

/** The pages of a session get it by an answer that no other site can read, and say it with each request that changes something. */
export function csrfTokenOf(secret: string): string {
  return sha256Hex(`csrf ${secret}`);
}
