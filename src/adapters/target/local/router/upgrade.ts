/** WebSocket and other upgraded connections of HTTP/1.1: asked for at the backend, then bytes both ways. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { request as ask } from "../node-http.ts";
import type { Backend } from "./backend.ts";
import { Delivery, hostOf, type Services } from "./delivery.ts";
import type { Client, IncomingRequest } from "./exchange.ts";
import { badGateway, isDown, isWaiting, notImplemented, type OwnAnswer, unknownHost } from "./own-answers.ts";

interface Asked {
  incoming: IncomingMessage;
  request: IncomingRequest;
  socket: Duplex;
  head: Buffer;
  client: Client;
}

export function upgrade(services: Services, asked: Asked): void {
  const { request, socket, client } = asked;
  const wanted = asked.incoming.headers.upgrade ?? "";
  // An offer that may be ignored: the connection goes on as it is. Bodies cannot come with it.
  if (wanted.toLowerCase() === "h2c" && request.body === undefined) {
    const delivery = new Delivery(services, request, client);
    socket.once("close", () => delivery.gone());
    return void delivery.start();
  }
  if (request.body !== undefined)
    return void say(client, notImplemented("an upgrade with a body is not carried"));
  tryNext(services, asked, []);
}

function tryNext(services: Services, asked: Asked, tried: Backend[]): void {
  const { request, client } = asked;
  const host = hostOf(request.authority);
  const found = services.routing.find(host, request.target, tried);
  if (found === "unknown") return void say(client, unknownHost(host));
  if (found === "waiting") return void say(client, isWaiting(host));
  if (found === "down") return void say(client, tried.length === 0 ? isDown(host) : badGateway(host));
  if (found.protocol !== "http")
    return void say(client, notImplemented(`the service of ${host} speaks HTTP/2 only`));
  new Upgrade(services, asked, found).start(() => tryNext(services, asked, [...tried, found]));
}

class Upgrade {
  private readonly services: Services;
  private readonly asked: Asked;
  private readonly backend: Backend;
  private readonly beganMs = performance.now();
  private outgoing: ReturnType<typeof ask> | undefined;
  private done = false;

  constructor(services: Services, asked: Asked, backend: Backend) {
    this.services = services;
    this.asked = asked;
    this.backend = backend;
  }

  /** `again` where the backend could not be reached. */
  start(again: () => void): void {
    const { incoming, request, socket } = this.asked;
    const { address: host, port } = this.backend;
    const own = [
      "host",
      request.authority,
      "connection",
      "Upgrade",
      "upgrade",
      incoming.headers.upgrade ?? "",
    ];
    const headers = [...own, ...request.headers];
    const outgoing = ask({ host, port, method: request.method, path: request.target, headers, agent: false });
    this.outgoing = outgoing;
    this.backend.enter(this);
    let connected = false;
    outgoing.on("socket", (upstream) =>
      upstream.once("connect", () => {
        connected = true;
      }),
    );
    outgoing.on("upgrade", (answer, upstream, head) => this.relay(answer, upstream, head));
    outgoing.on("response", (answer) => this.refuse(answer));
    outgoing.on("error", () => {
      if (this.done) return;
      if (connected || socket.destroyed) return void this.fail();
      this.backend.leave(this);
      again();
    });
    socket.once("close", () => this.end(false));
    outgoing.end();
  }

  breakOff(): void {
    this.outgoing?.destroy();
    this.asked.socket.destroy();
  }

  /** Counted when it is open: how long it stays says nothing. */
  private relay(answer: IncomingMessage, upstream: Duplex, head: Buffer): void {
    const { socket } = this.asked;
    this.count(false);
    socket.write(headOf(answer), "latin1");
    if (head.length > 0) socket.write(head);
    if (this.asked.head.length > 0) upstream.write(this.asked.head);
    upstream.on("error", () => socket.destroy());
    upstream.once("close", () => socket.destroy());
    socket.once("close", () => upstream.destroy());
    upstream.pipe(socket);
    socket.pipe(upstream);
  }

  /** It answers as to any request. */
  private refuse(answer: IncomingMessage): void {
    const { client } = this.asked;
    this.count((answer.statusCode ?? 502) >= 500);
    client.head(answer.statusCode ?? 502, answer.statusMessage ?? "", endToEnd(answer.rawHeaders), false);
    answer.on("data", (chunk: Buffer) => client.write(chunk));
    answer.once("end", () => client.end(undefined, []));
    answer.once("close", () => answer.complete || client.abort());
  }

  private fail(): void {
    this.count(true);
    say(this.asked.client, badGateway(hostOf(this.asked.request.authority)));
  }

  private end(error: boolean): void {
    if (!this.done) this.count(error);
    this.outgoing?.destroy();
    this.backend.leave(this);
  }

  private count(error: boolean): void {
    this.done = true;
    this.services.counts.count(this.backend.release, error, performance.now() - this.beganMs);
  }
}

function say(client: Client, { status, headers, body }: OwnAnswer): void {
  client.head(status, "", headers, false);
  client.end(body, []);
}

function headOf(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 101 ${answer.statusMessage ?? "Switching Protocols"}`];
  for (let index = 0; index < answer.rawHeaders.length; index += 2)
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

const ofConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

function endToEnd(raw: string[]): string[] {
  return raw.filter((_, index) => !ofConnection.has((raw[index - (index % 2)] ?? "").toLowerCase()));
}
