/** Carries requests to a backend by HTTP/2 without TLS, as gRPC services speak it: all on one connection. */
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from "node:http2";
import type { Attempt, Carried } from "./exchange.ts";

type StatusHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

export class Http2Backend {
  private readonly origin: string;
  private session: Promise<ClientHttp2Session> | undefined;
  private closed = false;

  constructor(address: string, port: number) {
    this.origin = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  }

  send(delivery: Carried): Attempt {
    const exchange = new Exchange(delivery);
    this.connect().then(
      (session) => exchange.begin(session),
      () => exchange.unsent(),
    );
    return exchange;
  }

  /** Streams that are open go on. */
  close(): void {
    this.closed = true;
    void this.session?.then(
      (session) => session.close(),
      () => {},
    );
  }

  private connect(): Promise<ClientHttp2Session> {
    this.session ??= this.open();
    return this.session;
  }

  private async open(): Promise<ClientHttp2Session> {
    const { connect } = await import("node:http2");
    const session = connect(this.origin);
    const mine = this.session;
    const forget = () => {
      if (this.session === mine) this.session = undefined;
    };
    session.once("close", forget);
    session.once("goaway", forget);
    session.on("error", forget);
    await new Promise((resolve, reject) => {
      session.once("connect", resolve);
      session.once("error", reject);
      session.once("close", () => reject(new Error("it closed the connection")));
    });
    if (this.closed) setImmediate(() => session.close());
    return session;
  }
}

class Exchange implements Attempt {
  private readonly delivery: Carried;
  private stream: ClientHttp2Stream | undefined;
  private aborted = false;
  private ended = false;
  private trailers: string[] = [];

  constructor(delivery: Carried) {
    this.delivery = delivery;
  }

  begin(session: ClientHttp2Session): void {
    if (this.aborted) return;
    const { request } = this.delivery;
    const isEmpty = request.body === undefined;
    if (session.closed || session.destroyed) return void this.unsent();
    const stream = session.request(headersOf(this.delivery), {
      endStream: isEmpty,
      waitForTrailers: !isEmpty,
    });
    this.stream = stream;
    stream.on("headers", (headers: StatusHeaders) =>
      this.delivery.informational(headers[":status"] ?? 0, flat(headers)),
    );
    stream.once("response", (headers, flags) => this.onResponse(headers, flags));
    stream.on("data", (chunk: Buffer) => this.delivery.data(chunk, false));
    stream.once("trailers", (headers) => {
      this.trailers = flat(headers);
    });
    stream.once("end", () => this.onEnd());
    stream.on("error", () => {});
    stream.once("close", () => this.onClose());
    if (!isEmpty) this.pump(stream);
  }

  unsent(): void {
    if (!this.aborted) this.delivery.failed("unsent");
  }

  pause(): void {
    this.stream?.pause();
  }

  resume(): void {
    this.stream?.resume();
  }

  abort(): void {
    this.aborted = true;
    // CANCEL: nobody waits for the answer any more.
    if (this.stream?.closed === false) this.stream.close(8);
  }

  private onResponse(headers: StatusHeaders, flags: number): void {
    // END_STREAM on the headers: no body and no trailers follow.
    this.ended = (flags & 1) === 1;
    this.delivery.head(headers[":status"] ?? 502, "", flat(headers), this.ended);
  }

  private onEnd(): void {
    if (this.ended || this.stream?.rstCode) return;
    this.ended = true;
    this.delivery.end(this.trailers);
  }

  private onClose(): void {
    this.delivery.request.body?.resume();
    if (this.ended || this.aborted) return;
    // REFUSED_STREAM: it says itself that it did nothing.
    const isRefused = this.stream?.rstCode === 7 && this.delivery.request.body === undefined;
    this.delivery.failed(isRefused ? "stale" : "broken");
  }

  private pump(stream: ClientHttp2Stream): void {
    const { request } = this.delivery;
    this.delivery.continue();
    stream.once("wantTrailers", () => stream.sendTrailers(toObject(request.trailers())));
    request.body?.on("data", (chunk: Buffer) => {
      if (stream.writable && !stream.write(chunk)) request.body?.pause();
    });
    stream.on("drain", () => request.body?.resume());
    request.body?.once("end", () => stream.writable && stream.end());
  }
}

function headersOf({ request }: Carried): OutgoingHttpHeaders {
  const { method, target, authority, headers, length } = request;
  const named = {
    ":method": method,
    ":path": target,
    ":authority": authority,
    ":scheme": "http",
    te: "trailers",
  };
  return { ...named, ...toObject(headers), ...(length === undefined ? {} : { "content-length": length }) };
}

/** Name, value, name, value to what Node's HTTP/2 takes: a list where a name comes more than once. */
export function toObject(headers: string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {};
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] ?? "").toLowerCase();
    const value = headers[index + 1] ?? "";
    const before = object[name];
    object[name] = before === undefined ? value : [before, value].flat();
  }
  return object;
}

function flat(headers: Record<string, unknown>): string[] {
  return Object.entries(headers)
    .filter(([name, value]) => !name.startsWith(":") && value !== undefined)
    .flatMap(([name, value]) => [value].flat().flatMap((one) => [name, String(one)]));
}
