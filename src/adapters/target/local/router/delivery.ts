/**
 * One request on its way: to the backend whose turn it is, to another one where that may be, and its answer back.
 * Fronts (HTTP/1.1, HTTP/2) make it, backends (HTTP/1.1, HTTP/2) carry it out.
 */

import type { Backend, UnderWay } from "./backend.ts";
import type { Attempt, Carried, Client, Failure, IncomingRequest } from "./exchange.ts";
import { badGateway, isDown, isWaiting, type OwnAnswer, unknownHost } from "./own-answers.ts";
import type { Routing } from "./routing.ts";
import type { TrafficCounts } from "./traffic-counts.ts";

export interface Services {
  routing: Routing;
  counts: TrafficCounts;
}

const mostAttempts = 4;
/** It may be the request that kills them: it is not carried from instance to instance. */
const mostInstancesLost = 1;
/** Safe to send again: they ask, and change nothing. */
const safe = new Set(["GET", "HEAD", "OPTIONS"]);

export class Delivery implements Carried, UnderWay {
  readonly request: IncomingRequest;
  readonly repeatable: boolean;
  private readonly services: Services;
  private readonly client: Client;
  private readonly beganMs = performance.now();
  private readonly tried: Backend[] = [];
  private attempts = 0;
  /** Instances that had it, or may have had it, and did not answer. */
  private readonly lost = new Set<Backend>();
  private backend: Backend | undefined;
  private attempt: Attempt | undefined;
  private status = 0;
  private failedByTrailer = false;
  private firstByteMs: number | undefined;
  private done = false;

  constructor(services: Services, request: IncomingRequest, client: Client) {
    this.services = services;
    this.request = request;
    this.client = client;
    this.repeatable = request.body === undefined && safe.has(request.method);
  }

  start(): void {
    this.next();
  }

  /** The client has gone, or has all of its answer. */
  gone(): void {
    if (this.done) return;
    this.finish(false);
    this.attempt?.abort();
  }

  drained(): void {
    this.attempt?.resume();
  }

  // What the backend tells:

  continue(): void {
    this.client.continue();
  }

  informational(status: number, headers: string[]): void {
    if (status !== 100 && !this.done) this.client.informational(status, headers);
  }

  head(status: number, reason: string, headers: string[], ended: boolean): void {
    if (this.done) return;
    this.status = status;
    if (isStream(headers)) this.firstByteMs = performance.now();
    if (ended) this.failedByTrailer = isGrpcFailure(headers);
    this.client.head(status, reason, headers, ended);
    if (ended) this.finish(false);
  }

  data(chunk: Buffer, last: boolean): void {
    if (this.done) return;
    if (last) {
      this.client.end(chunk, []);
      this.finish(false);
    } else if (!this.client.write(chunk)) this.attempt?.pause();
  }

  end(trailers: string[]): void {
    if (this.done) return;
    this.failedByTrailer = isGrpcFailure(trailers);
    this.client.end(undefined, trailers);
    this.finish(false);
  }

  failed(failure: Failure): void {
    if (this.done) return;
    if (this.status !== 0) {
      this.client.abort();
      return void this.finish(true);
    }
    if (failure !== "unsent" && this.backend !== undefined) this.lost.add(this.backend);
    const mayRepeat = failure === "unsent" || (this.repeatable && this.lost.size <= mostInstancesLost);
    if (!mayRepeat || this.attempts >= mostAttempts) return void this.giveUp();
    if (failure !== "stale" && this.backend !== undefined) this.tried.push(this.backend);
    this.backend?.leave(this);
    this.next();
  }

  /** Ends it from our side: its backend is to be gone. */
  breakOff(): void {
    this.attempt?.abort();
    if (this.done) return;
    if (this.status === 0) return void this.giveUp();
    this.client.abort();
    this.finish(true);
  }

  private next(): void {
    this.attempts += 1;
    const { method, target, authority } = this.request;
    const found = this.services.routing.find(hostOf(authority), target, this.tried);
    if (found === "unknown") return void this.say(unknownHost(hostOf(authority)), method);
    const isUnserved = found === "down" || found === "waiting";
    if (isUnserved && this.backend !== undefined) return void this.giveUp();
    if (found === "waiting") return void this.say(isWaiting(hostOf(authority)), method);
    if (found === "down") {
      this.services.counts.failed(this.services.routing.heaviest(hostOf(authority), target));
      return void this.say(isDown(hostOf(authority)), method);
    }
    this.backend = found;
    found.enter(this);
    this.attempt = found.send(this, this.lost.size > 0 || !this.repeatable);
  }

  private giveUp(): void {
    this.status = 502;
    this.say(badGateway(hostOf(this.request.authority)), this.request.method);
    this.finish(true);
  }

  private say({ status, headers, body }: OwnAnswer, method: string): void {
    const ended = method === "HEAD";
    this.client.head(status, "", headers, ended);
    if (!ended) this.client.end(body, []);
    if (this.backend === undefined) this.done = true;
  }

  private finish(broken: boolean): void {
    this.done = true;
    const { backend } = this;
    if (backend === undefined) return;
    const error = broken || this.status >= 500 || this.failedByTrailer;
    const endMs = this.firstByteMs ?? performance.now();
    this.services.counts.count(backend.release, error, endMs - this.beganMs);
    backend.leave(this);
  }
}

/** Lower case, without port. */
export function hostOf(authority: string): string {
  return authority.toLowerCase().replace(/:\d*$/, "");
}

/** Open for as long as there is something to say: its end tells nothing, its first byte does. */
function isStream(headers: string[]): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.length === 12 && headers[index]?.toLowerCase() === "content-type")
      return /^(text\/event-stream|application\/grpc)/i.test(headers[index + 1] ?? "");
  }
  return false;
}

/** UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS: faults of the service rather than of the request. */
const grpcFaults = new Set(["2", "4", "13", "14", "15"]);

function isGrpcFailure(trailers: string[]): boolean {
  for (let index = 0; index < trailers.length; index += 2) {
    if (trailers[index]?.toLowerCase() === "grpc-status") return grpcFaults.has(trailers[index + 1] ?? "");
  }
  return false;
}
