/** A server that answers as somebody's published interface says, on a free port of this machine. */
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

export interface PeerRequest {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  text: string;
  json(): unknown;
}

export interface PeerAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Peer {
  address: string;
  /** Every request, as it came. */
  seen: PeerRequest[];
  close(): Promise<void>;
}

export async function openPeer(
  answer: (request: PeerRequest) => PeerAnswer,
  tls?: { cert: string; key: string },
): Promise<Peer> {
  const seen: PeerRequest[] = [];
  const listener: http.RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const url = new URL(request.url ?? "/", "http://peer");
    const asked = {
      ...{ method: request.method ?? "", url, headers: request.headers, text },
      json: () => JSON.parse(text) as unknown,
    };
    seen.push(asked);
    const { status, body, headers } = answer(asked);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close").catch(() => undefined);
    },
  };
}
