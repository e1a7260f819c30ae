/**
 * Asks at a constant rate, whatever the answers take: a latency counts from when its request was due, so that
 * waiting for a slow answer hides nothing. Connections are kept, and opened again where they were closed.
 */
import { connect, type Socket } from "node:net";
import { AnswerParser } from "../../src/adapters/target/local/router/answer-parser.ts";
import { argument, say } from "../support/program.ts";
import { percentile } from "../support/statistics.ts";

const { port, host, rate, seconds, connections } = argument<{
  port: number;
  host: string;
  rate: number;
  seconds: number;
  connections: number;
}>();
const requestBytes = `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
const latencies: number[] = [];
const due: number[] = [];
const free: Connection[] = [];
let sent = 0;
let failed = 0;

class Connection {
  private readonly socket: Socket;
  private readonly parser: AnswerParser;
  private dueMs: number | undefined;
  private status = 0;
  private isDead = false;

  constructor() {
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
    if (this.isDead) return void new Connection().ask(dueMs);
    this.dueMs = dueMs;
    this.parser.expect("GET");
    this.socket.write(requestBytes);
  }

  private answered(): void {
    if (this.dueMs === undefined) return;
    latencies.push(performance.now() - this.dueMs);
    if (this.status !== 200) failed += 1;
    this.dueMs = undefined;
    free.push(this);
  }

  private lost(): void {
    this.isDead = true;
    if (this.dueMs === undefined) return;
    failed += 1;
    free.push(new Connection());
  }
}

for (let nth = 0; nth < connections; nth += 1) free.push(new Connection());
const beganMs = performance.now();
const total = rate * seconds;
const timer = setInterval(() => {
  const nowMs = performance.now();
  for (; sent < total && beganMs + (sent * 1000) / rate <= nowMs; sent += 1)
    due.push(beganMs + (sent * 1000) / rate);
  for (let next = free.pop(); next !== undefined && due.length > 0; next = free.pop())
    next.ask(due.shift() ?? nowMs);
  if (latencies.length + failed >= total || nowMs - beganMs > seconds * 1000 + 10_000) void end();
}, 1);

async function end(): Promise<void> {
  clearInterval(timer);
  const elapsedSeconds = (performance.now() - beganMs) / 1000;
  const [p50Ms, p99Ms] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  const unanswered = Math.max(0, total - latencies.length - failed);
  await say({
    kind: "result",
    p50Ms,
    p99Ms,
    failed: failed + unanswered,
    rate: latencies.length / elapsedSeconds,
  });
  process.exit(0);
}
