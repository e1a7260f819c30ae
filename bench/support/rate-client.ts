/**
 * Asks at a constant rate, whatever the answers take: a latency counts from when its request was due, so that
 * waiting for a slow answer hides nothing. Connections are kept, and opened again where they were closed.
 */
import { connect, type Socket } from "node:net";
import { AnswerParser } from "../../src/adapters/target/local/router/answer-parser.ts";

export interface RateTarget {
  port: number;
  host: string;
  connections: number;
}

export interface Asked {
  latenciesMs: number[];
  failed: number;
  /** Answered a second. */
  rate: number;
}

/** What is not answered by then after the last was due has failed. */
const patienceMs = 10_000;

export class RateClient {
  private readonly target: RateTarget;
  private readonly free: Connection[] = [];
  private latenciesMs: number[] = [];
  private failed = 0;

  constructor(target: RateTarget) {
    this.target = target;
    for (let nth = 0; nth < target.connections; nth += 1) this.free.push(this.open());
  }

  /** One call at a time. */
  async ask(rate: number, seconds: number): Promise<Asked> {
    this.latenciesMs = [];
    this.failed = 0;
    const total = Math.round(rate * seconds);
    const due: number[] = [];
    const beganMs = performance.now();
    let planned = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const nowMs = performance.now();
        for (; planned < total && beganMs + (planned * 1000) / rate <= nowMs; planned += 1)
          due.push(beganMs + (planned * 1000) / rate);
        while (due.length > 0 && this.free.length > 0) this.free.pop()?.ask(due.shift() ?? nowMs);
        const isOver = this.latenciesMs.length + this.failed >= total;
        if (!isOver && nowMs - beganMs < seconds * 1000 + patienceMs) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
    const answered = this.latenciesMs.length;
    const elapsedSeconds = (performance.now() - beganMs) / 1000;
    const unanswered = Math.max(0, total - answered - this.failed);
    return {
      latenciesMs: this.latenciesMs,
      failed: this.failed + unanswered,
      rate: answered / elapsedSeconds,
    };
  }

  private open(): Connection {
    return new Connection(this.target, {
      answered: (connection, latencyMs, status) => {
        this.latenciesMs.push(latencyMs);
        if (status !== 200) this.failed += 1;
        this.free.push(connection);
      },
      lost: () => {
        this.failed += 1;
        this.free.push(this.open());
      },
      reopened: () => this.open(),
    });
  }
}

interface Listener {
  answered(connection: Connection, latencyMs: number, status: number): void;
  lost(): void;
  reopened(): Connection;
}

class Connection {
  private readonly requestBytes: string;
  private readonly listener: Listener;
  private readonly socket: Socket;
  private readonly parser: AnswerParser;
  private dueMs: number | undefined;
  private status = 0;
  private isDead = false;

  constructor({ port, host }: RateTarget, listener: Listener) {
    this.requestBytes = `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
    this.listener = listener;
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.parser = new AnswerParser({
      informational: () => {},
      head: (status, _reason, _headers, ended) => {
        this.status = status;
        if (ended) this.answered();
      },
      data: (_chunk, last) => last && this.answered(),
      end: () => this.answered(),
    });
    this.socket.on("data", (chunk) => this.parser.push(chunk));
    this.socket.on("error", () => {});
    this.socket.on("close", () => this.lost());
  }

  ask(dueMs: number): void {
    if (this.isDead) return void this.listener.reopened().ask(dueMs);
    this.dueMs = dueMs;
    this.parser.expect("GET");
    this.socket.write(this.requestBytes);
  }

  private answered(): void {
    if (this.dueMs === undefined) return;
    const latencyMs = performance.now() - this.dueMs;
    this.dueMs = undefined;
    this.listener.answered(this, latencyMs, this.status);
  }

  private lost(): void {
    this.isDead = true;
    if (this.dueMs !== undefined) this.listener.lost();
  }
}
