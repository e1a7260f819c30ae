/** Many readers of one server: followers of the tenant's stream, and reads of a delivery's status. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { createParser } from "eventsource-parser";
import type { FeedEvent } from "../../src/ports/event-feed.ts";
import { createProgram, root } from "../../test/e2e/program.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { percentile } from "../support/statistics.ts";

interface Heard {
  bytes: Buffer;
  atMs: number;
}

interface Server {
  url: string;
  pid: number;
  token: string;
}

export const httpApi: Benchmark = {
  name: "http-api",
  title: "one server: followers of the stream, and reads of a status",
  async run(context) {
    const followers = context.quick ? 20 : 500;
    const seconds = context.quick ? 1 : 10;
    const database = await context.server.createDatabase({ migrated: true });
    const program = await createProgram({ DATABASE_URL: database.url, CONNECTSOFT_RATE_LIMIT: "0" });
    try {
      const deliver = async () => {
        const example = path.join(root, "examples/booking-service");
        const { out, err } = await program.connectsoft("deliver", example, "--json");
        const { subject } = JSON.parse(out.split("\n")[0] ?? "{}") as { subject?: string };
        if (subject === undefined) throw new Error(`nothing was delivered: ${err}`);
        return subject;
      };
      const subject = await deliver();
      const server = await program.server();
      if (server === undefined) throw new Error("no server runs");
      const reads = await statusReads(server, subject, seconds);
      context.log(`${Math.round(reads)} status reads a second`);
      const followed = await follow(server, followers, deliver);
      context.log(`${followers} followers cost ${followed.megabytes.toFixed(0)} MB`);
      return {
        metrics: [
          { name: "status reads", unit: "/s", samples: [reads], goal: { atLeast: 1_000 } },
          { name: "memory of followers", unit: "MB", samples: [followed.megabytes], goal: { atMost: 100 } },
          { name: "event to follower, p50", unit: "ms", samples: [percentile(followed.delaysMs, 0.5)] },
          {
            name: "event to follower, p99",
            unit: "ms",
            samples: [percentile(followed.delaysMs, 0.99)],
            goal: { atMost: 300 },
          },
        ],
        facts: { followers, events: followed.events, missed: followed.missed },
      };
    } finally {
      await program.remove();
      await database.drop();
    }
  },
};

async function statusReads({ url, token }: Server, subject: string, seconds: number): Promise<number> {
  const wanted = `${url}/api/v1/deliveries/${subject}`;
  const load = async (long: number) => {
    const options = ["-t1", "-c32", `-d${long}s`, "-H", `authorization: Bearer ${token}`, wanted];
    return (await promisify(execFile)("wrk", options)).stdout;
  };
  await load(1);
  const said = await load(seconds);
  const failure = /^\s*(Socket errors|Non-2xx).*$/m.exec(said);
  if (failure !== null) throw new Error(`wrk: ${failure[0].trim()}`);
  return Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(said)?.[1] ?? Number.NaN);
}

/** What the followers cost, how late each of them learns, and whether all learned all. */
async function follow(server: Server, followers: number, work: () => Promise<unknown>) {
  const ended = new AbortController();
  const before = await megabytesOf(server.pid);
  const readers = await Promise.all(Array.from({ length: followers }, () => open(server, ended.signal)));
  await work();
  const last = await newest(server);
  const heardAll = () => readers.every(({ heard }) => heard.at(-1)?.bytes.includes(`id: ${last}\n`));
  for (let looks = 0; looks < 200 && !heardAll(); looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const megabytes = (await megabytesOf(server.pid)) - before;
  ended.abort();
  await Promise.all(readers.map(({ ended: one }) => one));
  const heard = readers.map((reader) => eventsIn(reader.heard));
  const told = heard.map((events) => events.map(({ event }) => event.position));
  const delaysMs = heard.flat().map(({ event, atMs }) => atMs - Date.parse(event.time));
  const [first = []] = told;
  const missed = told.filter((own) => own.join() !== first.join() || own.at(-1) !== last).length;
  if (missed > 0) throw new Error(`${missed} followers did not learn everything`);
  return { megabytes, delaysMs, events: first.length, missed };
}

/**
 * Resolves when it is connected, with what resolves when it has ended. What arrives is kept with its time and read at the end,
 * so that reading for hundreds in this one process is not counted as the server's delay.
 */
async function open(
  { url, token }: Server,
  signal: AbortSignal,
): Promise<{ heard: Heard[]; ended: Promise<void> }> {
  const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
  const asked = get(`${url}/api/v1/stream`, { headers, signal, agent: false });
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const heard: Heard[] = [];
  answer.on("data", (bytes: Buffer) => heard.push({ bytes, atMs: Date.now() }));
  const ended = new Promise<void>((resolve) => answer.once("close", resolve).on("error", () => undefined));
  return { heard, ended };
}

function eventsIn(heard: Heard[]): { event: FeedEvent; atMs: number }[] {
  const events: { event: FeedEvent; atMs: number }[] = [];
  let at = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== "") events.push({ event: JSON.parse(data) as FeedEvent, atMs: at });
    },
  });
  const decoder = new TextDecoder();
  for (const { bytes, atMs } of heard) {
    at = atMs;
    parser.feed(decoder.decode(bytes, { stream: true }));
  }
  return events;
}

async function newest({ url, token }: Server): Promise<string | undefined> {
  let last: string | undefined;
  for (let after = ""; ; ) {
    const page = await fetch(`${url}/api/v1/stream?limit=1000${after && `&after=${after}`}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { events, next } = (await page.json()) as { events: FeedEvent[]; next: string };
    if (events.length === 0) return last;
    last = events.at(-1)?.position;
    after = next;
  }
}

async function megabytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
