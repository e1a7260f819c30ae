/** The router's HTTP/2 side, without TLS. Loaded with the first client that speaks it. */
import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { Delivery, type Services } from "./delivery.ts";
import type { Client, IncomingRequest } from "./exchange.ts";
import { toObject } from "./http2-backend.ts";

export interface Http2Front {
  server: Http2Server;
  leave(): void;
}

export function createHttp2Front(services: Services): Http2Front {
  const server = createServer({ settings: { enableConnectProtocol: false } });
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  server.on("stream", (stream, headers, flags) => {
    stream.on("error", () => {});
    const client = new Http2Client(stream, headers.expect === "100-continue");
    const delivery = new Delivery(services, requestOf(stream, headers, flags), client);
    stream.once("close", () => delivery.gone());
    stream.on("drain", () => delivery.drained());
    delivery.start();
  });
  const leave = () => {
    for (const session of sessions) session.close();
  };
  return { server, leave };
}

const notForwarded = new Set(["host", "content-length", "expect", "te", "cookie", "x-forwarded-for"]);

function requestOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number): IncomingRequest {
  const authority = (headers[":authority"] as string | undefined) ?? headers.host ?? "";
  const forwarded = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(":") || notForwarded.has(name)
      ? []
      : [value].flat().flatMap((one) => [name, String(one)]),
  );
  let trailers: string[] = [];
  stream.once("trailers", (given) => {
    trailers = Object.entries(given).flatMap(([name, value]) => [name, String(value)]);
  });
  return {
    method: (headers[":method"] as string | undefined) ?? "GET",
    target: (headers[":path"] as string | undefined) ?? "/",
    authority,
    headers: [...forwarded, ...added(stream, headers, authority)],
    length: headers["content-length"],
    // END_STREAM on the headers: nothing follows.
    body: (flags & 1) === 1 ? undefined : stream,
    trailers: () => trailers,
  };
}

function added(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, authority: string): string[] {
  const { remoteAddress = "", localPort = 0 } = stream.session?.socket ?? {};
  const before = headers["x-forwarded-for"];
  const ours: [string, string][] = [
    ["x-forwarded-for", before === undefined ? remoteAddress : `${before}, ${remoteAddress}`],
  ];
  // Crumbs of a cookie are put together again: HTTP/1.1 has one header of it.
  if (headers.cookie !== undefined) ours.push(["cookie", [headers.cookie].flat().join("; ")]);
  if (headers["x-forwarded-proto"] === undefined) ours.push(["x-forwarded-proto", "http"]);
  if (headers["x-forwarded-host"] === undefined) ours.push(["x-forwarded-host", authority]);
  if (headers["x-forwarded-port"] === undefined) ours.push(["x-forwarded-port", String(localPort)]);
  return ours.flat();
}

class Http2Client implements Client {
  private readonly stream: ServerHttp2Stream;
  private readonly expectsContinue: boolean;

  constructor(stream: ServerHttp2Stream, expectsContinue: boolean) {
    this.stream = stream;
    this.expectsContinue = expectsContinue;
  }

  continue(): void {
    if (this.expectsContinue && !this.stream.headersSent && !this.stream.destroyed)
      this.stream.additionalHeaders({ ":status": 100 });
  }

  informational(status: number, headers: string[]): void {
    if (this.stream.headersSent || this.stream.destroyed) return;
    this.stream.additionalHeaders({ ":status": status, ...toObject(headers) });
  }

  head(status: number, _reason: string, headers: string[], ended: boolean): void {
    if (this.stream.destroyed) return;
    try {
      this.stream.respond(
        { ":status": status, ...toObject(headers) },
        { endStream: ended, waitForTrailers: !ended },
      );
    } catch {
      this.abort();
    }
  }

  write(chunk: Buffer): boolean {
    return this.stream.destroyed || this.stream.write(chunk);
  }

  end(chunk: Buffer | undefined, trailers: string[]): void {
    if (this.stream.destroyed) return;
    this.stream.once("wantTrailers", () => this.stream.sendTrailers(toObject(trailers)));
    this.stream.end(chunk);
  }

  abort(): void {
    // INTERNAL_ERROR: what the client has of the answer is not all of it.
    if (!this.stream.closed) this.stream.close(2);
  }
}
