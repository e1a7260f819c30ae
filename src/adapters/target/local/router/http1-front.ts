/** The router's HTTP/1.1 side: Node's own server reads requests, strictly, and writes what a delivery brings. */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { createServer, ServerResponse } from "../node-http.ts";
import { Delivery, type Services } from "./delivery.ts";
import type { Client } from "./exchange.ts";
import { badRequest, type OwnAnswer } from "./own-answers.ts";
import { readRequest } from "./request-head.ts";
import { upgrade } from "./upgrade.ts";

export interface Http1Front {
  server: Server;
  /** From now on every answer asks its client to come again on another connection. */
  leave(): void;
}

export function createHttp1Front(services: Services): Http1Front {
  let leaving = false;
  const options = { requestTimeout: 0, keepAliveTimeout: 65_000, noDelay: true };
  const deliver = (incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    if (leaving) response.shouldKeepAlive = false;
    const request = readRequest(incoming, "http");
    if (typeof request === "string") return void say(response, badRequest(request));
    const client = new Http1Client(response, expectsContinue);
    const delivery = new Delivery(services, request, client);
    response.once("close", () => delivery.gone());
    response.on("drain", () => delivery.drained());
    delivery.start();
  };
  const server = createServer(options, (incoming, response) => deliver(incoming, response, false));
  // Dropping headers beyond a number would show a backend another request than we saw; their size is limited.
  server.maxHeadersCount = 0;
  server.on("checkContinue", (incoming, response) => deliver(incoming, response, true));
  server.on("connect", (_incoming, socket) => {
    socket.end("HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const request = readRequest(incoming, "ws");
    const response = new ServerResponse(incoming);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => socket.end());
    if (typeof request === "string") return void say(response, badRequest(request));
    upgrade(services, { incoming, request, socket, head, client: new Http1Client(response, false) });
  });
  const leave = () => {
    leaving = true;
  };
  return { server, leave };
}

class Http1Client implements Client {
  private readonly response: ServerResponse;
  private expectsContinue: boolean;

  constructor(response: ServerResponse, expectsContinue: boolean) {
    this.response = response;
    this.expectsContinue = expectsContinue;
  }

  continue(): void {
    if (this.expectsContinue) this.response.writeContinue();
    this.expectsContinue = false;
  }

  informational(status: number, headers: string[]): void {
    if (status !== 103) return;
    const links = headers.filter((_, index) => headers[index - 1]?.toLowerCase() === "link");
    if (links.length > 0) this.response.writeEarlyHints({ link: links });
  }

  head(status: number, reason: string, headers: string[], ended: boolean): void {
    try {
      if (reason === "") this.response.writeHead(status, headers);
      else this.response.writeHead(status, reason, headers);
    } catch {
      return void this.abort();
    }
    if (ended) this.response.end();
  }

  write(chunk: Buffer): boolean {
    return this.response.write(chunk);
  }

  end(chunk: Buffer | undefined, trailers: string[]): void {
    if (trailers.length > 0) this.response.addTrailers(pairs(trailers));
    this.response.end(chunk);
  }

  abort(): void {
    this.response.destroy();
  }
}

function say(response: ServerResponse, { status, headers, body }: OwnAnswer): void {
  response.writeHead(status, [...headers, "connection", "close"]);
  response.end(body);
}

function pairs(flat: string[]): [string, string][] {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as [string, string]] : [],
  );
}
