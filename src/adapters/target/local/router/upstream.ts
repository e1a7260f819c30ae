import { Agent } from "node:http";

/** One address that the router sends requests to, with what is under way to it. */
export class Upstream {
  readonly address: string;
  readonly port: number;
  /** Requests and sockets under way. */
  inFlight = 0;
  readonly pooled = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  private idle: (() => void)[] = [];

  constructor(address: string, port: number) {
    this.address = address;
    this.port = port;
  }

  enter(): () => void {
    this.inFlight += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inFlight -= 1;
      if (this.inFlight > 0) return;
      for (const resolve of this.idle.splice(0)) resolve();
    };
  }

  /** Resolves when nothing is under way, or after the limit. */
  async drain(limitMs: number): Promise<void> {
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        this.idle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    this.pooled.destroy();
  }
}
