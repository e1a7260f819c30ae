/** One instance that requests are sent to, with what is under way to it. */
import type { Attempt, Carried } from "./exchange.ts";
import { Http1Backend } from "./http1-backend.ts";
import { Http2Backend } from "./http2-backend.ts";
import type { RouterBackend } from "./router-control.ts";

/** What can be under way: a request, or a connection that was upgraded. */
export interface UnderWay {
  breakOff(): void;
}

export class Backend {
  readonly id: string;
  readonly release: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: RouterBackend["protocol"];
  private readonly by: Http1Backend | Http2Backend;
  private readonly underWay = new Set<UnderWay>();
  private waiting: (() => void)[] = [];

  constructor({ id, release, address, port, protocol }: RouterBackend) {
    this.id = id;
    this.release = release;
    this.address = address;
    this.port = port;
    this.protocol = protocol;
    this.by = protocol === "h2c" ? new Http2Backend(address, port) : new Http1Backend(address, port);
  }

  isAt({ address, port, protocol, release }: RouterBackend): boolean {
    const isSame = this.address === address && this.port === port;
    return isSame && this.protocol === protocol && this.release === release;
  }

  send(delivery: Carried, fresh: boolean): Attempt {
    return this.by.send(delivery, fresh);
  }

  enter(one: UnderWay): void {
    this.underWay.add(one);
  }

  leave(one: UnderWay): void {
    this.underWay.delete(one);
    if (this.underWay.size > 0) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is under way, or after the limit: what is left is broken off. */
  async drain(limitMs: number): Promise<void> {
    if (this.underWay.size === 0) return;
    const limit = setTimeout(() => {
      for (const one of [...this.underWay]) one.breakOff();
    }, limitMs);
    await this.idle();
    clearTimeout(limit);
  }

  /** Out of the table: keeps no connection; resolves when the last request to it has ended. */
  async dismiss(): Promise<void> {
    this.by.close();
    await this.idle();
  }

  private async idle(): Promise<void> {
    if (this.underWay.size > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
