/** Answers as Azure Key Vault's REST interface 7.4 and Microsoft Entra ID's token endpoint are published to. */
import { randomBytes } from "node:crypto";
import { openPeer, type Peer, type PeerAnswer, type PeerRequest } from "./peer.ts";

interface Version {
  version: string;
  value: string;
  tags: Record<string, string> | undefined;
}

export interface AzurePeer extends Peer {
  put(name: string, value: string, tags?: Record<string, string>): void;
  expireTokens(): void;
  /** Where the next page of a list is said to be. */
  sendPagesTo(address: string): void;
}

export const directory = "8a9c1c1e-7f0b-4d0e-a9b0-1c2d3e4f5a6b";
export const clientId = "11111111-2222-3333-4444-555555555555";
export const clientSecret = "client~secret";
const pageSize = 2;

export async function openAzurePeer(): Promise<AzurePeer> {
  const secrets = new Map<string, Version[]>();
  const deleted = new Set<string>();
  const tokens = new Set<string>();
  let pagesAt: string | undefined;
  let address = "";

  function put(name: string, value: string, tags?: Record<string, string>): Version {
    const key = [...secrets.keys()].find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
    const version = { version: randomBytes(16).toString("hex"), value, tags };
    secrets.set(key, [...(secrets.get(key) ?? []), version]);
    return version;
  }

  const bundle = (name: string, { version, value, tags }: Version) => ({
    ...{ id: `${address}/secrets/${name}/${version}`, value, attributes: { enabled: true } },
    ...(tags !== undefined && { tags }),
  });

  function grant(request: PeerRequest): PeerAnswer {
    const form = new URLSearchParams(request.text);
    const good =
      form.get("client_id") === clientId &&
      form.get("client_secret") === clientSecret &&
      form.get("grant_type") === "client_credentials" &&
      form.get("scope") === "https://vault.azure.net/.default";
    if (!good) return { status: 401, body: { error: "invalid_client" } };
    return { status: 200, body: { token_type: "Bearer", expires_in: 3599, access_token: newToken() } };
  }

  function newToken(): string {
    const token = randomBytes(12).toString("hex");
    tokens.add(token);
    return token;
  }

  function list({ url }: PeerRequest): PeerAnswer {
    const from = Number(url.searchParams.get("$skiptoken") ?? 0);
    const names = [...secrets.keys()].filter((name) => !deleted.has(name)).toSorted();
    const value = names.slice(from, from + pageSize).map((name) => {
      const tags = secrets.get(name)?.at(-1)?.tags;
      return { id: `${address}/secrets/${name}`, attributes: { enabled: true }, ...(tags && { tags }) };
    });
    const more = from + pageSize < names.length;
    const next = `${pagesAt ?? address}/secrets?api-version=7.4&$skiptoken=${from + pageSize}`;
    return { status: 200, body: { value, nextLink: more ? next : null } };
  }

  function ofSecret(request: PeerRequest, name: string, version: string | undefined): PeerAnswer {
    const key = [...secrets.keys()].find((one) => one.toLowerCase() === name.toLowerCase());
    if (request.method === "PUT") {
      if (key !== undefined && deleted.has(key)) return fault(409, "Conflict");
      const { value, tags } = request.json() as { value: string; tags?: Record<string, string> };
      return { status: 200, body: bundle(name, put(name, value, tags)) };
    }
    if (key === undefined || deleted.has(key)) return fault(404, "SecretNotFound");
    if (request.method === "DELETE") {
      deleted.add(key);
      return { status: 200, body: { recoveryId: `${address}/deletedsecrets/${key}` } };
    }
    const versions = secrets.get(key) ?? [];
    const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version);
    return found === undefined ? fault(404, "SecretNotFound") : { status: 200, body: bundle(key, found) };
  }

  const peer = await openPeer((request) => {
    const { pathname, searchParams } = request.url;
    if (pathname === `/${directory}/oauth2/v2.0/token`) return grant(request);
    if (pathname === "/metadata/identity/oauth2/token") {
      if (request.headers.metadata !== "true") return { status: 400, body: { error: "invalid_request" } };
      return { status: 200, body: { access_token: newToken(), expires_in: "86399" } };
    }
    if (searchParams.get("api-version") !== "7.4") return fault(400, "BadParameter");
    if (!tokens.has(String(request.headers.authorization).replace(/^Bearer /, "")))
      return fault(401, "Unauthorized");
    const found = /^\/secrets(?:\/([0-9a-zA-Z-]{1,127})(?:\/([0-9a-z]*))?)?$/.exec(pathname);
    if (found === null) return fault(400, "BadParameter");
    return found[1] === undefined ? list(request) : ofSecret(request, found[1], found[2]);
  });
  address = peer.address;
  return {
    ...peer,
    put: (name, value, tags) => void put(name, value, tags),
    expireTokens: () => tokens.clear(),
    sendPagesTo(elsewhere) {
      pagesAt = elsewhere;
    },
  };
}

function fault(status: number, code: string): PeerAnswer {
  return { status, body: { error: { code, message: code } } };
}
