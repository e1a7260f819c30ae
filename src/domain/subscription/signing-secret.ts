/** Secrets that sign by Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
import { z } from "zod";

const prefix = "whsec_";

export const signingSecretSchema = z.string().refine(isSigningSecret, {
  message: "expected whsec_ and 24 to 64 random bytes in base64, or none, so that one is made",
});

export function signingSecretOf(bytes: Uint8Array): string {
  return prefix + Buffer.from(bytes).toString("base64");
}

function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(text)) return false;
  const { length } = Buffer.from(text.slice(prefix.length), "base64");
  return length >= 24 && length <= 64;
}
