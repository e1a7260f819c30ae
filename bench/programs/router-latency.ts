/**
 * The service, the service behind the router, behind nginx where there is one, and the service again, asked by one
 * client at one constant rate, a moment each, round after round: what the machine does besides meets all alike, and
 * the two ways to the service say how much of a difference is noise.
 */
import { argument, say } from "../support/program.ts";
import { RateClient } from "../support/rate-client.ts";
import { percentile } from "../support/statistics.ts";

const { servicePort, routerPort, nginxPort, host, connections, rate, rounds, seconds } = argument<{
  servicePort: number;
  routerPort: number;
  nginxPort?: number;
  host: string;
  connections: number;
  rate: number;
  rounds: number;
  /** Of one way in one round. */
  seconds: number;
}>();
const service = new RateClient({ port: servicePort, host, connections });
const router = new RateClient({ port: routerPort, host, connections });
const nginx = nginxPort === undefined ? [] : [new RateClient({ port: nginxPort, host, connections })];

const warmUps = 3;
for (let nth = 0; nth < warmUps; nth += 1)
  for (const way of [service, router, ...nginx]) await way.ask(rate, seconds);
const directMs: number[] = [];
const routedMs: number[] = [];
const nginxMs: number[] = [];
const againMs: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  directMs.push(await p99Ms(service));
  routedMs.push(await p99Ms(router));
  for (const way of nginx) nginxMs.push(await p99Ms(way));
  againMs.push(await p99Ms(service));
}
await say({ kind: "result", directMs, routedMs, nginxMs, againMs });
process.exit(0);

async function p99Ms(way: RateClient): Promise<number> {
  const { latenciesMs, failed } = await way.ask(rate, seconds);
  if (failed > 0) throw new Error(`${failed} requests were not answered by 200`);
  return percentile(latenciesMs, 0.99);
}
