/** Carries requests to a backend by HTTP/1.1, on connections that are kept. */

import { connect, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { AnswerParser } from "./answer-parser.ts";
import type { Attempt, Carried, IncomingRequest } from "./exchange.ts";

const mostIdle = 128;
/** Longer than it takes a busy client to come again, shorter than most services keep a connection. */
const idleMs = 4_000;
/** On one host a connection takes no time, unless its service has stopped taking any. */
const connectLimitMs = 5_000;

export class Http1Backend {
  private readonly address: string;
  private readonly port: number;
  private idle: Connection[] = [];
  private closed = false;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(address: string, port: number) {
    this.address = address;
    this.port = port;
  }

  /** `fresh`: on a connection that nobody can have closed yet; what may not be repeated is sent so. */
  send(delivery: Carried, fresh: boolean): Attempt {
    const connection =
      (fresh ? undefined : this.takeKept()) ??
      new Connection(this.address, this.port, (free) => this.keep(free));
    connection.send(delivery);
    return connection;
  }

  /** Keeps no connection from now on. */
  close(): void {
    this.closed = true;
    clearInterval(this.sweeping);
    for (const connection of this.idle.splice(0)) connection.abort();
  }

  private takeKept(): Connection | undefined {
    for (let kept = this.idle.pop(); kept !== undefined; kept = this.idle.pop()) if (!kept.ended) return kept;
    return undefined;
  }

  private keep(connection: Connection): void {
    if (this.closed || this.idle.length >= mostIdle) return void connection.abort();
    connection.idleSinceMs = performance.now();
    this.idle.push(connection);
    this.sweeping ??= setInterval(() => this.sweep(), idleMs).unref();
  }

  private sweep(): void {
    const sinceMs = performance.now() - idleMs;
    const old = this.idle.filter((connection) => connection.ended || connection.idleSinceMs < sinceMs);
    this.idle = this.idle.filter((connection) => !old.includes(connection));
    for (const connection of old) connection.abort();
    if (this.idle.length > 0) return;
    clearInterval(this.sweeping);
    this.sweeping = undefined;
  }
}

class Connection implements Attempt {
  idleSinceMs = 0;
  ended = false;
  private readonly socket: Socket;
  private readonly parser: AnswerParser;
  private readonly free: (connection: Connection) => void;
  private delivery: Carried | undefined;
  private connected = false;
  private used = false;
  /** The answer is. */
  private complete = false;
  /** All of the request has been sent. */
  private sent = false;
  private body: Readable | undefined;

  constructor(host: string, port: number, free: (connection: Connection) => void) {
    this.free = free;
    this.socket = connect({ host, port, noDelay: true });
    this.parser = new AnswerParser(this);
    this.socket.setTimeout(connectLimitMs, () => this.socket.destroy());
    this.socket.on("connect", () => this.onConnect());
    this.socket.on("data", (chunk) => this.onData(chunk));
    this.socket.on("drain", () => this.body?.resume());
    this.socket.on("error", () => {});
    this.socket.on("close", () => this.onClose());
  }

  send(delivery: Carried): void {
    this.delivery = delivery;
    this.complete = false;
    this.parser.expect(delivery.request.method);
    if (this.connected) this.write();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  abort(): void {
    this.delivery = undefined;
    this.socket.destroy();
  }

  // What the parser finds:

  informational(status: number, headers: string[]): void {
    this.delivery?.informational(status, headers);
  }

  head(status: number, reason: string, headers: string[], ended: boolean): void {
    this.complete = ended;
    this.delivery?.head(status, reason, headers, ended);
  }

  data(chunk: Buffer, last: boolean): void {
    this.complete = last;
    this.delivery?.data(chunk, last);
  }

  end(trailers: string[]): void {
    this.complete = true;
    this.delivery?.end(trailers);
  }

  private onConnect(): void {
    this.connected = true;
    this.socket.setTimeout(0);
    if (this.delivery !== undefined) this.write();
  }

  private onData(chunk: Buffer): void {
    try {
      this.parser.push(chunk);
    } catch {
      return void this.socket.destroy();
    }
    if (this.complete) this.release();
  }

  private onClose(): void {
    this.ended = true;
    const { delivery } = this;
    this.stopBody();
    if (delivery === undefined || this.complete || this.parser.close()) return;
    this.delivery = undefined;
    if (!this.connected) delivery.failed("unsent");
    else delivery.failed(this.used && !this.parser.begun ? "stale" : "broken");
  }

  private write(): void {
    const { delivery } = this;
    if (delivery === undefined) return;
    const { request } = delivery;
    this.socket.write(headOf(request), "latin1");
    this.sent = request.body === undefined;
    if (request.body === undefined) return;
    delivery.continue();
    this.pump(request, request.body);
  }

  private pump(request: IncomingRequest, body: Readable): void {
    const chunked = request.length === undefined;
    this.body = body;
    body.on("data", (chunk: Buffer) => {
      if (this.body !== body || chunk.length === 0) return;
      if (!this.writeBody(chunk, chunked)) body.pause();
    });
    body.once("end", () => {
      if (this.body !== body) return;
      if (chunked) this.socket.write(`0\r\n${linesOf(request.trailers())}\r\n`, "latin1");
      this.sent = true;
      this.body = undefined;
    });
  }

  private writeBody(chunk: Buffer, chunked: boolean): boolean {
    if (!chunked) return this.socket.write(chunk);
    this.socket.cork();
    this.socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    this.socket.write(chunk);
    const more = this.socket.write("\r\n", "latin1");
    this.socket.uncork();
    return more;
  }

  /** What is still to come of a request that has been answered is read and dropped. */
  private stopBody(): void {
    const { body } = this;
    this.body = undefined;
    body?.resume();
  }

  /** Once all that arrived has been read: what came beyond the answer would be taken for the next one. */
  private release(): void {
    this.delivery = undefined;
    this.complete = false;
    this.used = true;
    const { reusable } = this.parser;
    if (!this.sent) this.stopBody();
    if (!this.sent || !reusable || this.ended) return void this.socket.destroy();
    this.socket.resume();
    this.free(this);
  }
}

function headOf({ method, target, authority, headers, length, body }: IncomingRequest): string {
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${authority}\r\n${linesOf(headers)}`;
  if (length !== undefined) head += `content-length: ${length}\r\n`;
  else if (body !== undefined) head += "transfer-encoding: chunked\r\n";
  return `${head}\r\n`;
}

function linesOf(headers: string[]): string {
  let lines = "";
  for (let index = 0; index < headers.length; index += 2)
    lines += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return lines;
}
