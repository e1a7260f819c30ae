/**
 * Reads HTTP/1.x answers of a backend (RFC 9112), strictly: what could be read in two ways is refused. Bodies are
 * handed on as slices of what arrived. Written by hand because it is most of the router's speed: Node's own client
 * takes twice the time for a small answer.
 */
export interface AnswerEvents {
  informational(status: number, headers: string[]): void;
  /** `ended`: no body follows. Headers are name, value, name, value, without those of the connection. */
  head(status: number, reason: string, headers: string[], ended: boolean): void;
  /** `last`: the answer ends with it, without trailers. */
  data(chunk: Buffer, last: boolean): void;
  end(trailers: string[]): void;
}

export class MalformedAnswer extends Error {}

const headLimitBytes = 64 * 1024;
const nothing: Buffer = Buffer.alloc(0);
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const digits = /^\d{1,15}$/;
const chunkSize = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/;

type State = "idle" | "head" | "length" | "size" | "chunk" | "chunk-end" | "trailers" | "until-close";

export class AnswerParser {
  /** Whether the connection may carry another request after this answer. */
  reusable = true;
  /** Whether a byte of the answer has arrived. */
  begun = false;
  private readonly to: AnswerEvents;
  private state: State = "idle";
  private withoutBody = false;
  private rest: Buffer = nothing;
  private left = 0;

  constructor(to: AnswerEvents) {
    this.to = to;
  }

  get idle(): boolean {
    return this.state === "idle";
  }

  /** An answer to a request by this method is awaited. */
  expect(method: string): void {
    this.state = "head";
    this.begun = false;
    this.withoutBody = method === "HEAD";
  }

  /** Throws MalformedAnswer. */
  push(arrived: Buffer): void {
    if (this.state === "idle") throw new MalformedAnswer("it sent what nobody asked for");
    this.begun = true;
    let chunk = this.rest.length === 0 ? arrived : Buffer.concat([this.rest, arrived]);
    this.rest = nothing;
    while (chunk.length > 0) {
      const used = this.step(chunk);
      if (used === 0) {
        if (chunk.length > headLimitBytes) throw new MalformedAnswer("its headers are too long");
        this.rest = chunk;
        return;
      }
      chunk = chunk.subarray(used);
    }
  }

  /** The connection has ended: true where that is how the answer ends. */
  close(): boolean {
    if (this.state !== "until-close") return false;
    this.state = "idle";
    this.to.end([]);
    return true;
  }

  /** Bytes that were used; 0 where more have to come first. */
  private step(chunk: Buffer): number {
    switch (this.state) {
      case "head":
        return this.readHead(chunk);
      case "length":
      case "chunk":
        return this.readBody(chunk);
      case "size":
        return this.readSize(chunk);
      case "chunk-end":
        return this.readChunkEnd(chunk);
      case "trailers":
        return this.readTrailers(chunk);
      case "until-close":
        this.to.data(chunk, false);
        return chunk.length;
      case "idle":
        throw new MalformedAnswer("it sent more than its answer");
    }
  }

  private readHead(chunk: Buffer): number {
    const end = chunk.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    const lines = chunk.toString("latin1", 0, end).split("\r\n");
    const [, minor, code, reason = ""] = statusLine.exec(lines[0] ?? "") ?? [];
    if (code === undefined) throw new MalformedAnswer("its status line is none");
    const status = Number(code);
    const head = readHeaders(lines, 1);
    if (status < 200) {
      if (status === 101) throw new MalformedAnswer("it switched protocols unasked");
      this.to.informational(status, head.headers);
      return end + 4;
    }
    this.reusable = minor === "1" ? !head.close : head.keepAlive;
    this.begin(status, reason, head);
    return end + 4;
  }

  private begin(status: number, reason: string, { headers, length, chunked }: Head): void {
    const ended = this.withoutBody || status === 204 || status === 304 || length === 0;
    this.left = length ?? 0;
    if (ended) this.state = "idle";
    else if (chunked) this.state = "size";
    else if (length !== undefined) this.state = "length";
    else {
      this.state = "until-close";
      this.reusable = false;
    }
    this.to.head(status, reason, headers, ended);
  }

  private readBody(chunk: Buffer): number {
    const part = chunk.length > this.left ? chunk.subarray(0, this.left) : chunk;
    this.left -= part.length;
    const last = this.left === 0 && this.state === "length";
    if (this.left === 0) this.state = this.state === "length" ? "idle" : "chunk-end";
    this.to.data(part, last);
    return part.length;
  }

  private readSize(chunk: Buffer): number {
    const end = chunk.indexOf("\r\n");
    if (end < 0) return 0;
    const [, size] = chunkSize.exec(chunk.toString("latin1", 0, end)) ?? [];
    if (size === undefined) throw new MalformedAnswer("the size of a chunk is none");
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? "trailers" : "chunk";
    return end + 2;
  }

  private readChunkEnd(chunk: Buffer): number {
    if (chunk.length < 2) return 0;
    if (chunk[0] !== 13 || chunk[1] !== 10) throw new MalformedAnswer("a chunk is longer than it said");
    this.state = "size";
    return 2;
  }

  private readTrailers(chunk: Buffer): number {
    if (chunk[0] === 13 && chunk[1] === 10) {
      this.state = "idle";
      this.to.end([]);
      return 2;
    }
    const end = chunk.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    const { headers } = readHeaders(chunk.toString("latin1", 0, end).split("\r\n"), 0);
    this.state = "idle";
    this.to.end(headers);
    return end + 4;
  }
}

interface Head {
  headers: string[];
  length: number | undefined;
  chunked: boolean;
  close: boolean;
  keepAlive: boolean;
}

function readHeaders(lines: string[], from: number): Head {
  const head: Head = { headers: [], length: undefined, chunked: false, close: false, keepAlive: false };
  let named: string[] = [];
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon < 1 || !headerName.test(name)) throw new MalformedAnswer("a header of it is none");
    const value = line.slice(colon + 1).trim();
    switch (name.toLowerCase()) {
      case "connection":
        named = named.concat(value.toLowerCase().split(/[ \t]*,[ \t]*/));
        continue;
      case "keep-alive":
      case "proxy-connection":
      case "upgrade":
        continue;
      case "transfer-encoding":
        if (head.chunked || value.toLowerCase() !== "chunked")
          throw new MalformedAnswer(`its encoding is ${value}`);
        head.chunked = true;
        continue;
      case "content-length":
        if (!digits.test(value) || (head.length !== undefined && head.length !== Number(value)))
          throw new MalformedAnswer("its length is none");
        if (head.length !== undefined) continue;
        head.length = Number(value);
    }
    head.headers.push(name, value);
  }
  if (head.chunked && head.length !== undefined) throw new MalformedAnswer("it has two lengths");
  head.close = named.includes("close");
  head.keepAlive = named.includes("keep-alive");
  return named.length === 0 ? head : { ...head, headers: withoutNamed(head.headers, named) };
}

/** Headers that `connection` names are the connection's own. */
function withoutNamed(headers: string[], named: string[]): string[] {
  const own = named.filter((name) => name !== "close" && name !== "keep-alive");
  if (own.length === 0) return headers;
  return headers.filter((_, index) => !own.includes((headers[index - (index % 2)] ?? "").toLowerCase()));
}
