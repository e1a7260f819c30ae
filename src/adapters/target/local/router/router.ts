/**
 * The front door: one HTTP/1.1 port on the loopback that sends each host name to the release that has its
 * module's traffic. The choice is made per request, so that a switch loses none: a request goes to the old
 * release or to the new one, and the old one is retired only after its last request.
 */
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createProxyServer } from "http-proxy-3";
import type { Upstream } from "./upstream.ts";

/** Where requests for a host go now. */
export type FindUpstream = (host: string) => Upstream | "unknown" | "down";

/** A pooled connection may be closed by the service just as we use it; only what can be sent again may take one. */
const repeatable = new Set(["GET", "HEAD", "OPTIONS"]);
const hostForm = "<module>.<tenant>-<environment>.localhost";
const single = new Agent({ keepAlive: false });

export function createRouter(find: FindUpstream): Server {
  const proxy = createProxyServer({ xfwd: false });
  proxy.on("error", () => {});
  proxy.on("proxyRes", (answer, _request, response) => {
    delete answer.headers.connection;
    // An answer that breaks off must break off for the client as well, not hang.
    answer.once("close", () => {
      if (!answer.complete && "destroy" in response) response.destroy();
    });
  });

  function forward(request: IncomingMessage, response: ServerResponse, attempt: number): void {
    const upstream = find(hostOf(request));
    if (typeof upstream === "string") {
      refuseRequest(request, response, upstream);
      return;
    }
    const leave = upstream.enter();
    const again = isRepeatable(request);
    response.once("close", leave);
    const target = { protocol: "http:", host: upstream.address, port: upstream.port };
    proxy.web(request, response, { target, agent: again ? upstream.pooled : single }, (error) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      leave();
      if (again && attempt < 3 && isConnectionError(error)) return forward(request, response, attempt + 1);
      answerText(response, 502, "BadGateway", `the service of ${hostOf(request)} does not answer`);
    });
  }

  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, (request, response) => {
    addForwardedHeaders(request, "http");
    forward(request, response, 1);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const upstream = find(hostOf(request));
    if (typeof upstream === "string")
      return void socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
    const leave = upstream.enter();
    socket.once("close", leave);
    socket.on("error", () => socket.destroy());
    addForwardedHeaders(request, "ws");
    const target = { protocol: "http:", host: upstream.address, port: upstream.port };
    proxy.ws(request, socket, head, { target }, () => socket.destroy());
  });
  return server;
}

/** Lower case, without port. */
function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
}

function isRepeatable(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  return repeatable.has(request.method ?? "") && encoding === undefined && (length ?? "0") === "0";
}

function isConnectionError(error: Error & { code?: string }): boolean {
  return error.code === "ECONNRESET" || error.code === "ECONNREFUSED" || error.code === "EPIPE";
}

function addForwardedHeaders(request: IncomingMessage, protocol: string): void {
  const before = request.headers["x-forwarded-for"];
  const client = request.socket.remoteAddress ?? "";
  request.headers["x-forwarded-for"] = before === undefined ? client : `${before}, ${client}`;
  request.headers["x-forwarded-proto"] ??= protocol;
  request.headers["x-forwarded-host"] ??= request.headers.host ?? "";
  request.headers["x-forwarded-port"] ??= String(request.socket.localPort ?? "");
}

function refuseRequest(request: IncomingMessage, response: ServerResponse, why: "unknown" | "down"): void {
  const host = hostOf(request);
  if (why === "down") response.setHeader("retry-after", "1");
  const [status, code, message] =
    why === "down"
      ? ([503, "Unavailable", `the service of ${host} is starting again; try again in a moment`] as const)
      : ([404, "NotFound", `no module has traffic for host "${host}"; expected ${hostForm}`] as const);
  answerText(response, status, code, message);
}

function answerText(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify({ code, message })}\n`);
}
