/** Whether a call of a hook was made by who has its secret. Every comparison takes the same time, whatever differs. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { HookKind } from "../../domain/hook/hook.ts";

export interface RawCall {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

/** What is wrong with it; undefined: it was made by who has the secret. */
export function callProblem(kind: HookKind, secret: string, call: RawCall): string | undefined {
  switch (kind) {
    case "github":
      return gitHubProblem(secret, call);
    case "gitlab":
      // GitLab signs with a signing token, which has this form, and sends any other one as it is.
      return secret.startsWith("whsec_") ? standardProblem(secret, call) : gitLabProblem(secret, call);
    case "azure-devops":
      return azureProblem(secret, call);
    case "standard":
      return standardProblem(secret, call);
  }
}

function gitHubProblem(secret: string, { headers, body }: RawCall): string | undefined {
  const given = headers["x-hub-signature-256"];
  if (given === undefined) return "it has no x-hub-signature-256";
  const expected = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return same(given, expected) ? undefined : "its x-hub-signature-256 is not this hook's";
}

function gitLabProblem(secret: string, { headers }: RawCall): string | undefined {
  const given = headers["x-gitlab-token"];
  if (given === undefined) return "it has no x-gitlab-token";
  return same(given, secret) ? undefined : "its x-gitlab-token is not this hook's";
}

/** Any user name, and the secret as password. */
function azureProblem(secret: string, { headers }: RawCall): string | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(headers.authorization ?? "") ?? [];
  if (encoded === undefined) return "it has no authorization: Basic";
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const password = text.includes(":") ? text.slice(text.indexOf(":") + 1) : "";
  return same(password, secret) ? undefined : "its password is not this hook's";
}

function standardProblem(secret: string, { headers, body }: RawCall): string | undefined {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const missing = names.find((name) => headers[name] === undefined);
  if (missing !== undefined) return `it has no ${missing}`;
  try {
    const given = names.map((name) => [name, headers[name] ?? ""]);
    const text = Buffer.from(body).toString("utf8");
    new Webhook(secret).verify(text, Object.fromEntries(given), { jsonParse: false });
    return undefined;
  } catch (error) {
    const old = /timestamp/i.test((error as Error).message);
    return old
      ? "its webhook-timestamp is more than five minutes away from this server's clock"
      : "its webhook-signature is not this hook's";
  }
}

function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
