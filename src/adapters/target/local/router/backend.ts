/** One instance that requests are sent to, with what is under way to it and its connections. */
import type { RouterBackend } from "./router-control.ts";
import { Upstream } from "./upstream.ts";

export class Backend {
  readonly id: string;
  readonly release: string;
  readonly upstream: Upstream;

  constructor({ id, release, address, port }: RouterBackend) {
    this.id = id;
    this.release = release;
    this.upstream = new Upstream(address, port);
  }

  isAt({ address, port }: RouterBackend): boolean {
    return this.upstream.address === address && this.upstream.port === port;
  }

  async drain(limitMs: number): Promise<void> {
    await this.upstream.drain(limitMs);
  }

  /** Out of the table: resolves when its last request has ended. */
  async dismiss(): Promise<void> {
    await this.upstream.drain(24 * 3_600_000);
  }
}
