import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appOf } from "../../test/support/app.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import type { FeedEvent, System } from "../operations/system.ts";
import { type Listening, listen } from "./listen.ts";

const tenantId = "vetclinic-001";

/** Passes on so many bytes of each answer, then cuts the connection without a word. */
async function startCuttingProxy(target: string, bytes: () => number) {
  const { port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), "127.0.0.1");
    let left = bytes();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      client.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (left <= 0) client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

describe("the stream of a tenant", () => {
  let rig: TestSystem;
  let server: Listening;
  let authorization: string;
  beforeAll(async () => {
    rig = await createTestSystem();
    server = await listen(appOf(rig.system), 0);
    authorization = `Bearer ${await rig.system.accounts.issueToken({ tenantId, person: "jane" }, "test")}`;
  });
  afterAll(async () => {
    await server.close();
    await rig.close();
  });

  test("is answered when it is followed: what happens from then on is told, however slowly it began", async () => {
    const slow: System["feed"] = {
      ...rig.system.feed,
      async *follow(...asked) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        yield* rig.system.feed.follow(...asked);
      },
    };
    const other = await listen(appOf({ ...rig.system, feed: slow }), 0);
    const ended = new AbortController();
    try {
      const headers = { authorization, accept: "text/event-stream" };
      const answer = await fetch(`${other.url}/api/v1/stream`, { headers, signal: ended.signal });
      const subject = await rig.deliver();
      const events = (answer.body as ReadableStream<Uint8Array<ArrayBuffer>>)
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream());
      let first: FeedEvent | undefined;
      for await (const { data } of events)
        if (data !== "") {
          first = JSON.parse(data) as FeedEvent;
          break;
        }
      expect(first).toMatchObject({ subject, sequence: 1 });
    } finally {
      ended.abort();
      await other.close();
    }
  });

  test("goes on behind the last event that came through, however often a proxy cuts it", async () => {
    let cuts = 0;
    const proxy = await startCuttingProxy(server.url, () => 1_500 + 700 * (cuts++ % 5));
    const ended = new AbortController();
    const seen: FeedEvent[] = [];
    let last: string | undefined;
    const reading = (async () => {
      while (!ended.signal.aborted) {
        const headers = {
          authorization,
          accept: "text/event-stream",
          ...(last && { "last-event-id": last }),
        };
        try {
          const answer = await fetch(`${proxy.url}/api/v1/stream`, { headers, signal: ended.signal });
          const events = (answer.body as ReadableStream<Uint8Array<ArrayBuffer>>)
            .pipeThrough(new TextDecoderStream())
            .pipeThrough(new EventSourceParserStream());
          for await (const { id, data } of events) {
            last = id ?? last;
            if (data !== "") seen.push(JSON.parse(data));
          }
        } catch {
          // Cut: it comes back.
        }
      }
    })();
    try {
      await rig.until(await rig.deliver(), (_text, kind) => kind === "waiting");
      const { events } = await rig.system.feed.page(tenantId, { limit: 1_000 });
      await expect.poll(() => seen.at(-1)?.position).toBe(events.at(-1)?.position);
      expect(events.length).toBeGreaterThan(20);
      const begun = events.findIndex(({ position }) => position === seen[0]?.position);
      expect(seen.map(({ position }) => position)).toEqual(
        events.slice(begun).map(({ position }) => position),
      );
      expect(cuts).toBeGreaterThan(5);
    } finally {
      ended.abort();
      await reading;
      await proxy.close();
    }
  });

  test("is of the caller's own tenant, and takes no place that is none", async () => {
    const ask = async (query: string) => {
      const headers = { authorization, accept: "text/event-stream" };
      const answer = await fetch(`${server.url}/api/v1/stream${query}`, { headers });
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await ask("?tenantId=globex")).toMatchObject({ status: 403, code: "TenantForbidden" });
    expect(await ask("?after=nowhere")).toMatchObject({ status: 400, code: "InputInvalid" });
  });
});
