/** Answers as the key-value engine, version 2, of HashiCorp Vault and OpenBao is published to. */
import { randomBytes } from "node:crypto";
import { openPeer, type Peer, type PeerAnswer, type PeerRequest } from "./peer.ts";

interface Version {
  data: Record<string, unknown> | null;
  created_time: string;
  deletion_time: string;
  destroyed: boolean;
}

export interface KeyValuePeer extends Peer {
  /** Every token that was given ends. */
  revokeTokens(): void;
  /** Takes a secret away with all its versions. */
  purge(path: string): void;
  put(path: string, data: Record<string, unknown>): void;
  /** From here on nobody gets an answer, or nobody who asks for what is named; undefined: as before. */
  away(what: "everything" | "values" | undefined): void;
}

export const givenToken = "hvs.given-to-the-server";
export const roleId = "role-of-the-server";
export const secretId = "secret-id-of-the-server";

export async function openKeyValuePeer(): Promise<KeyValuePeer> {
  const secrets = new Map<string, Version[]>();
  const tokens = new Set([givenToken]);
  let written = 0;
  let absent: "everything" | "values" | undefined;

  function put(path: string, data: Record<string, unknown>): Version & { version: number } {
    const versions = secrets.get(path) ?? [];
    const created_time = new Date(Date.UTC(2026, 0, 1) + written++).toISOString();
    const version = { data, created_time, deletion_time: "", destroyed: false };
    secrets.set(path, [...versions, version]);
    return { ...version, version: versions.length + 1 };
  }

  function logIn(request: PeerRequest): PeerAnswer {
    const { role_id, secret_id, role, jwt } = request.json() as Record<string, string>;
    const known =
      (role_id === roleId && secret_id === secretId) || (role === "delivery" && jwt === "jwt-of-the-server");
    if (!known) return { status: 400, body: { errors: ["invalid role or secret ID"] } };
    const client_token = `hvs.${randomBytes(12).toString("hex")}`;
    tokens.add(client_token);
    return { status: 200, body: { auth: { client_token, lease_duration: 600 } } };
  }

  function ofData(request: PeerRequest, path: string): PeerAnswer {
    const versions = secrets.get(path) ?? [];
    if (request.method === "POST") {
      const { data } = request.json() as { data: Record<string, unknown> };
      const { version, created_time } = put(path, data);
      return { status: 200, body: { data: { version, created_time, deletion_time: "", destroyed: false } } };
    }
    if (request.method === "DELETE") {
      const last = versions.at(-1);
      if (last !== undefined) last.deletion_time = "2026-11-22T10:00:00Z";
      return { status: 204 };
    }
    const asked = Number(request.url.searchParams.get("version") ?? 0);
    if (Number.isNaN(asked))
      return { status: 400, body: { errors: ["error converting input for field version"] } };
    const number = asked || versions.length;
    const found = versions[number - 1];
    if (found === undefined) return { status: 404, body: { errors: [] } };
    const { data, ...rest } = found;
    const gone = found.deletion_time !== "";
    const body = { data: { data: gone ? null : data, metadata: { ...rest, version: number } } };
    return { status: gone ? 404 : 200, body };
  }

  function ofMetadata(request: PeerRequest, path: string): PeerAnswer {
    if (request.url.searchParams.get("list") === "true") {
      const under = [...secrets.keys()].filter((key) => key.startsWith(`${path}/`));
      const keys = under.map((key) => key.slice(path.length + 1).replace(/\/.*$/, "/"));
      return keys.length === 0
        ? { status: 404, body: { errors: [] } }
        : { status: 200, body: { data: { keys: [...new Set(keys)].toSorted() } } };
    }
    const versions = secrets.get(path);
    if (versions === undefined) return { status: 404, body: { errors: [] } };
    const told = versions.map(({ data: _, ...rest }, index) => [String(index + 1), rest]);
    const body = { data: { current_version: versions.length, versions: Object.fromEntries(told) } };
    return { status: 200, body };
  }

  const peer = await openPeer((request) => {
    const { pathname } = request.url;
    if (absent === "everything" || (absent === "values" && pathname.includes("/data/")))
      return { status: 503, body: { errors: ["Vault is sealed"] } };
    if (pathname.startsWith("/v1/auth/") && pathname.endsWith("/login")) return logIn(request);
    if (!tokens.has(String(request.headers["x-vault-token"])))
      return { status: 403, body: { errors: ["permission denied"] } };
    const [, engine, path] = /^\/v1\/secret\/(data|metadata)\/(.+)$/.exec(pathname) ?? [];
    if (path === undefined) return { status: 404, body: { errors: ["no handler for route"] } };
    return engine === "data" ? ofData(request, path) : ofMetadata(request, path);
  });
  return {
    ...peer,
    put: (path, data) => void put(path, data),
    away(what) {
      absent = what;
    },
    purge: (path) => void secrets.delete(path),
    revokeTokens: () => tokens.clear(),
  };
}
