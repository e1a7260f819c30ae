/** Answers as Kubernetes' API for Secrets (core/v1) is published to, for two service accounts. */
import { randomUUID } from "node:crypto";
import { makeCertificate } from "./authority.ts";
import { openPeer, type Peer, type PeerAnswer, type PeerRequest } from "./peer.ts";

interface Secret {
  apiVersion: "v1";
  kind: "Secret";
  type?: string;
  metadata: { name: string; uid: string; resourceVersion: string; labels?: Record<string, string> };
  data?: Record<string, string>;
}

export interface KubernetesPeer extends Peer {
  ca: string;
  kubeconfig: string;
  put(path: string, secret: Partial<Secret>): void;
}

export const serviceAccountToken = "jwt-of-the-service-account";

export async function openKubernetesPeer(): Promise<KubernetesPeer> {
  const secrets = new Map<string, Secret>();
  let resourceVersion = 100;
  const next = () => String(++resourceVersion);

  function put(path: string, { metadata, data, ...rest }: Partial<Secret>): Secret {
    const name = path.slice(path.indexOf("/") + 1);
    const known = secrets.get(path);
    const secret: Secret = {
      ...{ apiVersion: "v1", kind: "Secret", ...rest },
      metadata: {
        name,
        uid: known?.metadata.uid ?? randomUUID(),
        ...(metadata?.labels !== undefined && { labels: metadata.labels }),
        resourceVersion: next(),
      },
      ...(data !== undefined && { data }),
    };
    secrets.set(path, secret);
    return secret;
  }

  function patch(path: string, secret: Secret, request: PeerRequest): PeerAnswer {
    if (request.headers["content-type"] !== "application/merge-patch+json") return status(415);
    const change = (request.json() as { data: Record<string, string | null> }).data;
    const merged = Object.entries({ ...secret.data, ...change }).filter(([, value]) => value !== null);
    return {
      status: 200,
      body: put(path, { ...secret, data: Object.fromEntries(merged) as Record<string, string> }),
    };
  }

  const tls = await makeCertificate();
  const peer = await openPeer((request) => {
    if (request.headers.authorization !== `Bearer ${serviceAccountToken}`) return status(401);
    const found = /^\/api\/v1\/namespaces\/([a-z0-9-]+)\/secrets(?:\/([a-z0-9.-]+))?$/.exec(
      request.url.pathname,
    );
    if (found === null) return status(404);
    const [, namespace, name] = found;
    if (request.method === "POST" && name === undefined) {
      const given = request.json() as Secret;
      const path = `${namespace}/${given.metadata.name}`;
      return secrets.has(path) ? status(409) : { status: 201, body: put(path, given) };
    }
    const path = `${namespace}/${name}`;
    const secret = secrets.get(path);
    if (secret === undefined) return status(404);
    return request.method === "PATCH" ? patch(path, secret, request) : { status: 200, body: secret };
  }, tls);
  return {
    ...peer,
    ca: tls.cert,
    kubeconfig: kubeconfigFor(peer.address, tls.cert, serviceAccountToken),
    put: (path, secret) => void put(path, secret),
  };
}

export function kubeconfigFor(server: string, ca: string, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "delivery",
    contexts: [{ name: "delivery", context: { cluster: "here", user: "server" } }],
    clusters: [
      {
        name: "here",
        cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: "server", user: { token } }],
  });
}

function status(code: number): PeerAnswer {
  return { status: code, body: { kind: "Status", apiVersion: "v1", status: "Failure", code } };
}
