/** What fronts (HTTP/1.1, HTTP/2), deliveries and backends (HTTP/1.1, HTTP/2) say to each other. */
import type { Readable } from "node:stream";

/** A request in no version's own words. Headers are name, value, name, value: end to end, ours added. */
export interface IncomingRequest {
  method: string;
  /** Path and query. */
  target: string;
  /** As it was sent, port included. */
  authority: string;
  headers: string[];
  /** `content-length`, where it was given. */
  length: string | undefined;
  body: Readable | undefined;
  /** Trailers of the body, once it has ended. */
  trailers(): string[];
}

/** Who asked, and gets the answer. */
export interface Client {
  /** The body may be sent now: there is somebody to take it. */
  continue(): void;
  informational(status: number, headers: string[]): void;
  head(status: number, reason: string, headers: string[], ended: boolean): void;
  /** False: wait for `drained`. */
  write(chunk: Buffer): boolean;
  end(chunk: Buffer | undefined, trailers: string[]): void;
  /** The answer breaks off. */
  abort(): void;
}

/** What a backend does with a request, in the hands of whoever gave it. */
export interface Attempt {
  pause(): void;
  resume(): void;
  abort(): void;
}

/** `unsent`: no byte of it has left; `stale`: a connection of before had been closed; else the backend had it. */
export type Failure = "unsent" | "stale" | "broken";

/** What a backend carries out, and tells how it goes. */
export interface Carried {
  readonly request: IncomingRequest;
  /** It can take the body. */
  continue(): void;
  informational(status: number, headers: string[]): void;
  head(status: number, reason: string, headers: string[], ended: boolean): void;
  /** `last`: the answer ends with it, without trailers. */
  data(chunk: Buffer, last: boolean): void;
  end(trailers: string[]): void;
  failed(failure: Failure): void;
}
